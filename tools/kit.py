"""The front door behind every make target: `python tools/kit.py lab` is what `make lab` runs.

Any Python can read this file, so that an old one gets one clear line instead of a SyntaxError. The work is done in
`tools/jobs.py`, which needs Python 3.11 as the rest of the kit does.
"""

import sys

NEEDED = (3, 11)


def complaint(version, path):
    """Return one line for a reader whose Python is too old, or None."""
    if tuple(version[:2]) >= NEEDED:
        return None
    found = ".".join(str(part) for part in version[:3])
    return (
        "hf-tutorial needs Python 3.11 or newer, and this is Python " + found + " (" + path + "). "
        "Install a newer one and name it: make lab PYTHON=python3.12, or without make: python3.12 tools/kit.py lab"
    )


def main():
    problem = complaint(sys.version_info, sys.executable or "unknown")
    if problem:
        sys.stderr.write(problem + "\n")
        return 2
    # Run as a script, this file puts `tools` itself on the path; its siblings are imported as `tools.jobs`.
    from pathlib import Path

    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from tools.jobs import main as run_job

    return run_job(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
