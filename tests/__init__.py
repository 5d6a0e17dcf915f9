"""The tests mirror the code; `proofs/spine` holds what the whole promises."""
