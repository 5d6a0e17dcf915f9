"""Reads for planning."""
