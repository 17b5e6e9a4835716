"""Limits of one grading run, and the sizes that are the same in every run."""

import os
from dataclasses import dataclass

MEGABYTE = 2**20
CELL_ERROR_LENGTH = 300
MESSAGE_LENGTH = 2_000
# What a submission may leave in its temporary folder, in one file, and how many processes it may have at a time.
SCRATCH_BYTES = 1_024 * MEGABYTE
FILE_BYTES = 512 * MEGABYTE
PROCESSES = 64
# How often a submission may have one exercise checked: each costs a fork.
CHECKS_OF_ONE = 40
# What a submission may send to the grader in all: the answers of a lesson take some kilobytes.
MESSAGES_BYTES = 200 * MEGABYTE
NOTEBOOK_BYTES = 20 * MEGABYTE


# The private folder of a box, as it is called inside.
SCRATCH = "/tmp/private"


def places(scratch: str) -> dict[str, str]:
    """Return the settings that lead everything which writes files to a private folder."""
    home = f"{scratch}/home"
    return {
        "HOME": home,
        "TMPDIR": f"{scratch}/temporary",
        "HF_HOME": f"{home}/huggingface",
        "MPLCONFIGDIR": f"{home}/matplotlib",
        "IPYTHONDIR": f"{home}/ipython",
        "XDG_CACHE_HOME": f"{home}/cache",
        "XDG_CONFIG_HOME": f"{home}/config",
    }


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds in all, seconds for each cell and each check, and megabytes of memory."""

    time: int = 600
    cell_time: int = 120
    memory: int = 4_096
    jobs: int = os.cpu_count() or 1
