"""`python -m matching`: the time limit counts from here, before anything heavy is imported."""

import time

BEGAN = time.monotonic()

if __name__ == "__main__":
    import sys

    from matching.cli import main

    # An id may hold what this terminal cannot show; the answer must come all the same.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:], BEGAN))
