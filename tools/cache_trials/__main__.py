"""Try the cache with the real stand-ins: `python -m tools.cache_trials`. Twenty minutes on two cores, an hour if they are busy."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from hf_tutorial.errors import HfTutorialError
from hf_tutorial.sources.registry import CARRIERS
from hf_tutorial.sources.wheels import fetch
from tools.cache_trials import crowd, disks, kills
from tools.cache_trials.judging import Outcome
from tools.cache_trials.room import NoRoomError
from tools.cache_trials.surroundings import Kit

# The last is enough for everything; the others end in a download, in a conversion, and between two stand-ins.
SIZES = (5_000, 50_000, 120_000, 260_000, 420_000, 560_000, 760_000, 1_000_000)
SMALL = "rotten-tomatoes"


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools.cache_trials", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="how many kills (default: 20)")
    parser.add_argument("--processes", type=int, default=8, help="how many at once (default: 8)")
    parser.add_argument("--seed", type=int, default=8, help="decides the moments of the kills (default: 8)")
    parser.add_argument("--only", nargs="+", choices=TRIALS, default=list(TRIALS), help="only these trials")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cache-trials-") as folder:
        try:
            kit = Kit((sys.executable, "-m", "hf_tutorial.cli"), gathered(Path(folder, "carriers")))
        except HfTutorialError as error:
            print(f"The carriers are needed first: {error}", file=sys.stderr)
            return 2
        return _run(kit, Path(folder), options)


def _say(line: str) -> None:
    print(line, flush=True)


def gathered(folder: Path) -> Path:
    """Return `folder`, with the carriers in it."""
    folder.mkdir()
    for carrier in CARRIERS:
        (folder / carrier.filename).symlink_to(fetch(carrier))
    return folder


def _run(kit: Kit, folder: Path, options: argparse.Namespace) -> int:
    outcome, reference, seconds = crowd.undisturbed(kit, folder / "undisturbed")
    _say(str(outcome))
    faulty = bool(outcome.faults)
    for name in options.only:
        try:
            outcome = TRIALS[name](kit, folder / name, reference, seconds, options)
        except NoRoomError as error:
            _say(f"{name}: not tried, {error}")
            faulty |= bool(os.environ.get("HF_TUTORIAL_REQUIRE_NAMESPACES"))
            continue
        _say(str(outcome))
        faulty |= bool(outcome.faults)
    return int(faulty)


Trial = Callable[[Kit, Path, dict[str, str], float, argparse.Namespace], Outcome]
TRIALS: dict[str, Trial] = {
    "crowd": lambda kit, folder, reference, seconds, options: crowd.many_at_once(
        kit, folder, reference, options.processes
    ),
    "kills": lambda kit, folder, reference, seconds, options: kills.killed(
        kit, folder, reference, count=options.kills, span=seconds, seed=options.seed, say=_say
    ),
    "full": lambda kit, folder, reference, *_: disks.full(kit, folder, reference, SIZES),
    "read-only": lambda kit, folder, reference, *_: disks.read_only(kit, folder, reference, SMALL),
    "elsewhere": lambda kit, folder, reference, *_: disks.elsewhere(kit, folder, reference),
}

if __name__ == "__main__":
    sys.exit(main())
