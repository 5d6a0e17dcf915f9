"""Inside the optimiser: the problem as integers, runs, moves, the search. `matching.solve` is its door."""
