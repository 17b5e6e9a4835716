"""The process of a `Nursery`: it imports the libraries once, and forks for every box."""

import ctypes
import gc
import os
import signal
import socket
from collections.abc import Sequence

from hf_tutorial.grading import frames

_PR_SET_PDEATHSIG = 1
_ALWAYS = ("IPython.core.interactiveshell", "hf_tutorial.grading.recording", "hf_tutorial.grading.serving")


def main(descriptor: int, modules: Sequence[str]) -> None:
    """Import, then fork whenever the grader sends a channel, until it closes its own."""
    import hf_tutorial.checks.registry
    from hf_tutorial.grading import inside, running

    running.preload([*modules, *_ALWAYS])
    hf_tutorial.checks.registry.all_exercises()
    gc.freeze()  # what is shared with the forks should not be touched by a collection
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel collects the forks
    control = socket.socket(fileno=descriptor)
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if not data:
            return
        child = os.fork()
        if child == 0:
            control.close()
            _become(descriptors[1])
            inside.main(descriptors[0])
            os._exit(0)
        for one in descriptors:
            os.close(one)
        frames.send(control, {"pid": child})


def _become(errors: int) -> None:
    """Be a process like one that was started on its own."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.setsid()
    os.dup2(errors, 2)
    os.close(errors)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    gc.unfreeze()
