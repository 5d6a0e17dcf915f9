"""Ruin and recreate, compiled: a plan at any time, and a better one step by step."""
