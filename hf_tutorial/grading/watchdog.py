"""How much memory a box uses and how many processes it has, as seen from outside (Linux)."""

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4_096


def tree_of(root: int) -> list[int]:
    """Return the process `root` and all its descendants that are alive."""
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += _children(process)
    return found


def _children(process: int) -> list[int]:
    children: list[int] = []
    try:
        for task in os.scandir(f"/proc/{process}/task"):
            children += map(int, (Path(task.path) / "children").read_text().split())
    except OSError:
        return children  # it has ended meanwhile
    return children


def memory_of(processes: list[int], limit: int) -> int:
    """Return the bytes that the processes keep in memory, what they share counted once.

    The exact figure takes the kernel a while, so it is asked for only when a quick upper bound exceeds the limit.
    """
    bound = sum(map(_resident, processes))
    return bound if bound <= limit else sum(map(_proportional, processes))


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _proportional(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1_024
    except OSError:
        pass  # it has ended, or keeps its memory from us, as what judges an answer does
    return _resident(process)
