"""Work in a fork: it ends when the work ends, or its time, and the process that waits goes on."""

import os
import signal
import time
from collections.abc import Callable

_GRACE = 5


def in_fork(work: Callable[[], None], seconds: int) -> None:
    """Do the work in a fork, and wait for it, for as long as it may take."""
    child = os.fork()
    if child == 0:
        work_and_leave(work, seconds)
    _wait(child, seconds + _GRACE)


def work_and_leave(work: Callable[[], None], seconds: int) -> None:
    """Do the work in this process, a fork, and end it without going through anything that its parent has prepared.

    After so many seconds the kernel ends it; 0 means never.
    """
    status = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        work()
        status = 0
    finally:
        os._exit(status)


def _wait(child: int, seconds: int) -> None:
    end, pause = time.monotonic() + seconds, 0.001
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
        time.sleep(pause)
        pause = min(0.05, pause * 2)
