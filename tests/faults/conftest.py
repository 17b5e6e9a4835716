"""Every fault of the table is met once, by processes of its own, and what they saw is shared by all tests and workers."""

import json
from dataclasses import asdict

import pytest
from filelock import FileLock

from tools.loopback_hub.faults import CASES, CONTROLS, try_all
from tools.loopback_hub.faults_trials import Outcome, Seen


@pytest.fixture(scope="session")
def seen(tmp_path_factory, worker_id):
    """What a student sees, by the names of the cases."""
    base = tmp_path_factory.getbasetemp()
    kept = (base if worker_id == "master" else base.parent) / "faults.json"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            tried = {case.name: asdict(one) for case, one in try_all((*CASES, *CONTROLS))}
            kept.write_text(json.dumps(tried), encoding="utf-8")
    return {name: _read(told) for name, told in json.loads(kept.read_text(encoding="utf-8")).items()}


def _read(told):
    modes = {mode: Outcome(**told[mode]) for mode in ("auto", "hub")}
    return Seen(**modes, stderr=told["stderr"])


@pytest.fixture(scope="session")
def worker_id(request):
    """The name of this worker, "master" without pytest-xdist."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")
