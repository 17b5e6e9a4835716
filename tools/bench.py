"""Set up the benchmark and run it: the peers that it measures go into an environment of their own.

`.cache/bench/.venv` sees what the lock has installed in `.venv` and adds the extra `bench` to it. So the lock stays free
of the peers, and a second copy of torch is not needed. What is there already stays; only where a peer needs another
version of something (BertViz brings boto3, which needs an older python-dateutil) does it go on top, for the benchmark
alone. The pins of `tools/lock.in` hold in any case.
"""

import json
import sysconfig
import tomllib
from pathlib import Path

from tools import environment
from tools.environment import ROOT

BENCH = ROOT / ".cache" / "bench"


def ensure(root: Path = ROOT, bench: Path = BENCH) -> None:
    """Make the benchmark's environment on top of the clone's own, unless it is there and up to date."""
    wanted = environment.wanted_stamp(root)
    if environment.read_stamp(bench) == wanted:
        return
    extra = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    with environment.explained(root):
        print("The peers of the benchmark: BertViz, inspectus and CircuitsVis", flush=True)
        bench.mkdir(parents=True, exist_ok=True)
        environment.create(bench)
        # A .pth file that is found in this way may hold .pth files of its own, as an editable install does.
        line = f"import site; site.addsitedir({str(packages_of(root))!r})\n"
        (packages_of(bench) / "below.pth").write_text(line, encoding="utf-8")
        environment.pip(["--constraint", str(root / "tools" / "lock.in"), *extra["bench"]], root=bench)
        (bench / ".venv" / "stamp.json").write_text(json.dumps(wanted, indent=1), encoding="utf-8")


def packages_of(root: Path) -> Path:
    """Return the folder that the environment in `root` keeps its packages in."""
    return Path(sysconfig.get_path("purelib", "venv", vars={"base": str(root / ".venv")}))
