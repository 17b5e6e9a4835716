"""Run each measurement in a process of its own: what it keeps, breaks or hangs in does not reach the next."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# One thread everywhere, no window, no call to any service.
SURROUNDINGS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "MPLBACKEND": "agg",
    "HF_HUB_OFFLINE": "1",
    "PYTHONWARNINGS": "ignore",
}


def measure(module: str, *arguments: str, limit: float) -> dict[str, Any]:
    """Return the JSON object on the last line that `python -m module` prints, or {"failed": reason}.

    After `limit` seconds the process and what it has started are ended.
    """
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **SURROUNDINGS},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        _end(process)
        return {"failed": f"over {limit:.0f} s"}
    except BaseException:
        _end(process)
        raise
    if process.returncode:
        return {"failed": _last_line(errors) or f"ended with code {process.returncode}"}
    return json.loads(_last_line(output))


def _end(process: subprocess.Popen[str]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""
