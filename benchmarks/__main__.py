"""Measure everything, print the tables, and keep the figures in build/benchmarks: `make bench` runs this."""

import argparse
import json
import platform
import signal
import sys
import time
from importlib.metadata import version
from typing import Any

from benchmarks import tokens
from benchmarks.attention.run import run
from benchmarks.attention.table import tables
from benchmarks.finetuning import run as finetuning
from benchmarks.worker import ROOT, measure

BUILD = ROOT / "build" / "benchmarks"
LIMIT = 600
PACKAGES = ("bertviz", "circuitsvis", "inspectus", "matplotlib", "tokenizers", "torch", "transformers", "playwright")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the cases that take half a minute or more")
    quick = parser.parse_args().quick
    # Ended like this too, it ends the case that is running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    BUILD.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    print("Token tables", file=sys.stderr, flush=True)
    token_tables = measure("benchmarks.tokens", limit=LIMIT)
    results = {"quick": quick, "versions": versions(), "attention": run(BUILD, quick=quick), "tokens": token_tables}
    results["finetuning"] = finetuning.run(quick=quick)
    results["minutes"] = (time.monotonic() - started) / 60
    (BUILD / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    text = report(results)
    (BUILD / "table.md").write_text(text, encoding="utf-8")
    print(text)


def versions() -> dict[str, str]:
    return {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def report(results: dict[str, Any]) -> str:
    """Return the tables with a line on what they were measured with."""
    measured = results["tokens"]
    token_table = f"Token tables: {measured['failed']}" if "failed" in measured else tokens.table(measured)
    named = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    minutes = f"Measured in {results['minutes']:.0f} minutes with {named}."
    return (
        "\n\n".join([tables(results["attention"]), token_table, finetuning.tables(results["finetuning"]), minutes])
        + "\n"
    )


if __name__ == "__main__":
    main()
