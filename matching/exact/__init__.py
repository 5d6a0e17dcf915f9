"""Near the optimum and how near: columns of whole runs, priced exactly, chosen by linear and integer programmes."""
