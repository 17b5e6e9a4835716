"""`python -m tools.loopback_hub [NOTEBOOK …]`: run the course in `hub` mode against a Hub on the loopback address.

In the first pass that Hub serves the stand-ins under their Hub ids, and every output is compared with the stored one. In
the second it serves random models of the Hub's own shapes; every cell is executed, and checks must find the same. Without
an option both passes run.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.loopback_hub import shapes
from tools.loopback_hub.neighbours import neighbours
from tools.loopback_hub.running import Outcome, Pass, run_pass, shapes_pass, stand_ins_pass
from tools.loopback_hub.stand_ins import stand_in_repositories
from tools.notebooks import ROOT, Project, ToolError

# Random models stay here; a run's copies and downloads are deleted when it ends.
CACHE = ROOT / ".cache" / "loopback-hub"


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.loopback_hub", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="default: all")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--stand-ins", action="store_true", help="only the first pass")
    only.add_argument("--shapes", action="store_true", help="only the second pass")
    options = parser.parse_args(arguments)
    project = project or Project()
    try:
        paths = project.chosen(options.notebooks)
        failed = [outcome for one in _passes(options) for outcome in _run(one, project, paths) if outcome.problems]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if failed else 0


def _passes(options: argparse.Namespace) -> list[Pass]:
    """Return the passes that were asked for."""
    passes = []
    if not options.shapes:
        passes.append(stand_ins_pass([*stand_in_repositories(), *neighbours()]))
    if not options.stand_ins:
        passes.append(shapes_pass([*shapes.repositories(CACHE / "shapes"), *neighbours()]))
    return passes


def _run(one_pass: Pass, project: Project, paths: Sequence[Path]) -> list[Outcome]:
    compared = "every output compared" if one_pass.strict else "few outputs compared"
    print(f"\n{one_pass.name}: {len(paths)} notebooks in hub mode, {compared}", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    outcomes = []
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="run-") as folder:
        for outcome in run_pass(one_pass, project, paths, Path(folder)):
            print(line(outcome), *outcome.problems, sep="\n", flush=True)
            outcomes.append(outcome)
    print(summary(one_pass.name, outcomes), flush=True)
    return outcomes


def line(outcome: Outcome) -> str:
    """Say of a notebook whether it was right, and which ids it loaded from the Hub."""
    colour = "red" if outcome.problems else "green"
    ids = ", ".join(outcome.named) or "no id of the Hub"
    return f"{colour:5} {outcome.notebook:55} {outcome.seconds:4.0f} s, {outcome.requests:4} requests: {ids}"


def summary(name: str, outcomes: Sequence[Outcome]) -> str:
    """Say how many are green, which are not, and which ids were loaded."""
    wrong = [outcome.notebook for outcome in outcomes if outcome.problems]
    ids = sorted({hub_id for outcome in outcomes for hub_id in outcome.named})
    lines = [
        f"{name}: {len(outcomes) - len(wrong)} of {len(outcomes)} green",
        f"{len(ids)} ids loaded from the Hub: {', '.join(ids)}",
        *(f"red: {notebook}" for notebook in wrong),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
