"""CPU seconds of a piece of work: the median of several runs, or of the one run that a long case gets."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Generic, TypeVar

MOST_RUNS = 9
ENOUGH_SECONDS = 5.0
Result = TypeVar("Result")


@dataclass(frozen=True)
class Timing(Generic[Result]):
    """Median CPU seconds, the number of runs behind them, and what the last run returned."""

    seconds: float
    runs: int
    result: Result


def cpu_time(work: Callable[[], Result]) -> Timing[Result]:
    """Return the median CPU time of `work`, which the caller has warmed up, over nine runs or about five seconds.

    CPU time and not wall time: the figures hold also on a machine that has other work.
    """
    times: list[float] = []
    while len(times) < MOST_RUNS and sum(times) < ENOUGH_SECONDS:
        gc.collect()
        started = time.process_time()
        result = work()
        times.append(time.process_time() - started)
    return Timing(median(times), len(times), result)
