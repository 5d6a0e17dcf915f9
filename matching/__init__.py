"""Who visits whom, and when: the optimiser of the volunteer rounds.

Pure Python and NumPy, no web framework. The door is a file in and a file out
(`python -m matching solve problem.json -o plan.json`); see docs/matching.md.
"""
