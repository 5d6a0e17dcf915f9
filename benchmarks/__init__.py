"""Measurements of this project: one command each, described with their results in docs/benchmarks.md."""
