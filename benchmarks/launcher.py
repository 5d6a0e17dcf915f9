"""Starts one command and tells what it used: `python -I -S launcher.py DESCRIPTOR PATIENCE COMMAND…`.

Linux counts the memory of whoever starts a process towards the peak of what is started. So the one who starts
must be small: this file imports next to nothing, and is run by its path.
"""

import json
import os
import signal
import sys


def main() -> None:
    """Write code, CPU seconds and peak memory (as `ru_maxrss` has it) as JSON to the descriptor."""
    report, patience, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    os.set_inheritable(report, False)
    child = os.posix_spawn(command[0], command, os.environ)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, patience)
    _, status, used = os.wait4(child, 0)
    told = (os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
    os.write(report, json.dumps(told).encode())


if __name__ == "__main__":
    main()
