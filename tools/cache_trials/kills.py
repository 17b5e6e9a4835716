"""`hf-tutorial prepare`, killed at random moments, each time in the state that the last kill has left."""

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tools.cache_trials.judging import Outcome, expect_honest, expect_untouched, expect_whole
from tools.cache_trials.surroundings import Kit, Surroundings, kill_group


def moments(count: int, span: float, seed: int) -> list[float]:
    """Return so many moments within `span` seconds: one at random in each of as many equal parts, in random order.

    >>> [round(moment) for moment in sorted(moments(3, 30, seed=0))]
    [8, 18, 24]
    """
    chance = random.Random(seed)
    spread = [(part + chance.random()) * span / count for part in range(count)]
    chance.shuffle(spread)
    return spread


def killed(
    kit: Kit,
    folder: Path,
    reference: dict[str, str],
    *,
    count: int,
    span: float,
    seed: int,
    say: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Kill the preparation so many times, with and without the processes that it has started; then let it finish.

    The stand-ins are asked for in another order each time, so that the one that takes longest is not hit by all kills.
    Where it ends before its moment, all is as it should be, and it begins again with nothing. `say` gets a line for each.
    """
    outcome = Outcome(f"{count} kills")
    around = Surroundings(kit, folder, folder / "cache")
    names = sorted({path.split("/")[1] for path in reference if path.startswith("stand-ins/")})
    chance, completed, ready = random.Random(seed), 0, []
    for number, drawn in enumerate(moments(count, span, seed), start=1):
        moment = drawn
        while (process := _interrupted(around, chance.sample(names, len(names)), moment)) is None:
            completed += 1
            expect_whole(outcome, around, reference, f"completed before kill {number}")
            shutil.rmtree(around.cache, ignore_errors=True)
            moment *= 0.8  # a machine with less to do than before would be done before this moment every time
        _kill(process, with_children=bool(number % 2))
        ready.append(expect_honest(outcome, around, reference, f"after kill {number}, at {moment:.1f} s"))
        say(f"  kill {number} after {moment:.1f} s: {ready[-1]} ready")
    ended = around.run("prepare")
    outcome.expect(ended.code == 0, f"the last prepare failed: {ended.errors[-600:]}")
    expect_whole(outcome, around, reference, "at the end")
    expect_untouched(outcome, around, "at the end")
    outcome.figures = [
        f"at moments over {span:.0f} s (seed {seed})",
        f"ready after each: {' '.join(map(str, ready))}",
        f"completed in between {completed} times",
        f"the last prepare took {ended.seconds:.1f} s",
    ]
    return outcome


def _kill(process: "subprocess.Popen[bytes]", *, with_children: bool) -> None:
    """Kill it; without its children, pip may go on for a while, as when a notebook's kernel is restarted."""
    if with_children:
        kill_group(process)
    else:
        process.kill()
        process.wait()


def _interrupted(around: Surroundings, names: list[str], moment: float) -> "subprocess.Popen[bytes] | None":
    """Return the preparation as it runs at that moment; None if it has ended by then."""
    process = around.start("prepare", *names)
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        return process
    return None
