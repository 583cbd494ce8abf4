"""CPU time of another process, to the nanosecond."""

import time

_PROCESS_CLOCK = 2


def cpu_seconds(pid: int) -> float:
    """Return the user and system time that a process has used, over all of its threads, ended ones too.

    Reads the process's CPU clock as clock_getcpuclockid(3) names it: /proc/PID/stat counts in ticks of 10 ms, too
    coarse for a hub that answers 40 questions a second.
    """
    return time.clock_gettime((~pid << 3) | _PROCESS_CLOCK)
