"""Runs a program and reports, as one JSON line, its wall and processor time in seconds, its peak RSS in KiB (wait4's ru_maxrss) and its exit code.

usage: python measured.py REPORT PROGRAM [ARGUMENT ...]
"""

import json
import os
import sys
import time

report, *command = sys.argv[1:]
started = time.monotonic()
child = os.fork()
if child == 0:
    os.execvp(command[0], command)
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - started
with open(report, "w", encoding="utf-8") as file:
    figures = {"seconds": seconds, "cpuSeconds": usage.ru_utime + usage.ru_stime, "peakKiB": usage.ru_maxrss}
    json.dump({**figures, "exitCode": os.waitstatus_to_exitcode(status)}, file)
