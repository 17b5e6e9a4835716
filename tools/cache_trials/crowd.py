"""Many processes that prepare everything at once in one empty cache."""

import re
import time
from pathlib import Path

from tools.cache_trials.judging import Outcome, expect_whole
from tools.cache_trials.surroundings import Kit, Surroundings, kill_group


def undisturbed(kit: Kit, folder: Path) -> tuple[Outcome, dict[str, str], float]:
    """Prepare everything once in peace; return the outcome, what the cache then holds, and the seconds it took."""
    outcome = Outcome("undisturbed")
    around = Surroundings(kit, folder, folder / "cache")
    ended = around.run("prepare")
    contents = around.contents()
    size = sum(path.stat().st_size for path in around.cache.rglob("*") if path.is_file())
    outcome.expect(ended.code == 0, f"prepare failed: {ended.errors[-600:]}")
    outcome.expect(not ended.errors, f"prepare wrote to stderr: {ended.errors[-600:]}")
    expect_whole(outcome, around, contents, "after it")
    outcome.figures = [f"{len(contents)} files, {size / 1e6:.1f} MB in {ended.seconds:.1f} s"]
    return outcome, contents, ended.seconds


def many_at_once(kit: Kit, folder: Path, reference: dict[str, str], processes: int) -> Outcome:
    """Let so many processes prepare everything in one empty cache: all succeed, and every work is done once."""
    outcome = Outcome(f"{processes} at once")
    places = [Surroundings(kit, folder / str(number), folder / "cache") for number in range(processes)]
    started = time.monotonic()
    running = [around.start("prepare") for around in places]
    try:
        codes = [process.wait() for process in running]
    finally:
        for process in running:
            kill_group(process)
    seconds = time.monotonic() - started
    said = "".join(around.said("out") for around in places)
    built = re.findall(r"^ *built +(\S+)", said, flags=re.MULTILINE)
    outcome.expect(codes == [0] * processes, f"exit codes {codes}")
    outcome.expect(len(built) == len(set(built)), f"work was done more than once: {sorted(built)}")
    expect_whole(outcome, places[0], reference, "at the end")
    outcome.figures = [f"all ready after {seconds:.1f} s", f"{len(built)} built, each by one of them"]
    return outcome
