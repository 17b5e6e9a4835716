"""Google Drive, which no lesson may need."""


def mount(mountpoint: str, **_: object) -> None:
    raise RuntimeError(f"a notebook wants to mount Drive at {mountpoint}; students are asked for their files then")
