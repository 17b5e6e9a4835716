"""Several processes of one thread each, on one machine: small models train faster so than on several threads."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
import torch.distributed as dist

from training.common import use_one_thread


def run_processes(work: Callable[..., None], processes: int, seed: int, *arguments: object) -> None:
    """Call `work(*arguments)` in that many new processes, which can reach one another."""
    with tempfile.TemporaryDirectory() as folder:
        meeting_point = Path(folder, "meeting-point").as_uri()
        torch.multiprocessing.spawn(_join, (meeting_point, processes, seed, work, arguments), nprocs=processes)


def _join(
    rank: int, meeting_point: str, processes: int, seed: int, work: Callable[..., None], arguments: tuple
) -> None:
    # All processes are on this machine: the loopback interface is enough, and is there without a network.
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    dist.init_process_group("gloo", init_method=meeting_point, rank=rank, world_size=processes)
    use_one_thread(seed)
    work(*arguments)
    dist.barrier()
    dist.destroy_process_group()


def is_first() -> bool:
    """Say whether this process is the one that writes."""
    return dist.get_rank() == 0


def say(line: object) -> None:
    """Print once, whatever the number of processes."""
    if is_first():
        print(line, flush=True)
