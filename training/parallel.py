"""Several processes of one thread each, on one machine: small models train faster so than on several threads."""

import math
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import torch
import torch.distributed as dist
from transformers import get_linear_schedule_with_warmup

from training.common import Batch, Clock, use_one_thread


class Pace(Protocol):
    """What a recipe says of its steps: AdamW's settings, and the share of the steps in which the rate rises."""

    @property
    def learning_rate(self) -> float: ...
    @property
    def weight_decay(self) -> float: ...
    @property
    def warmup_share(self) -> float: ...


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


def take_steps(
    model: torch.nn.Module, batches: Sequence[Batch], loss_of: Callable[..., torch.Tensor], pace: Pace, every: int
) -> list[dict[str, float]]:
    """Train `model` in place, one step for each batch; return the mean loss of every `every` steps.

    `loss_of(model, rows)` returns the loss of this process's share of a batch.
    """
    parallel = torch.nn.parallel.DistributedDataParallel(model)
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=pace.learning_rate, weight_decay=pace.weight_decay)
    schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(pace.warmup_share * len(batches)), len(batches))
    clock, recent, history = Clock(), torch.zeros(2), []
    parallel.train()
    for step, batch in enumerate(batches, start=1):
        loss = loss_of(parallel, batch[dist.get_rank() :: dist.get_world_size()] or batch[:1])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainable, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent += torch.tensor([loss.item(), 1.0])
        if step % every == 0 or step == len(batches):
            dist.all_reduce(recent)
            history.append({"step": step, "loss": round((recent[0] / recent[1]).item(), 4)})
            seconds = clock.read()["wall_seconds"]
            say(f"step {step:4d} of {len(batches)}   loss {history[-1]['loss']:.4f}   {seconds:5.0f} s")
            recent.zero_()
    return history
