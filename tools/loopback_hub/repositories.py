"""A repository of the loopback Hub: a folder, what the Hub would say of it, and its files as git and LFS see them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml

Kind = Literal["model", "dataset"]

# What the Hub keeps outside git, whatever the size, and from which size on it does so with anything.
LFS_SUFFIXES = (".safetensors", ".bin", ".parquet", ".arrow", ".gguf", ".h5", ".onnx", ".msgpack", ".zip")
LFS_BYTES = 10_000_000


@dataclass(frozen=True)
class HubFile:
    """A file of a repository. Its contents are on the disk, or in memory if we have made them up."""

    path: str
    source: Path | bytes

    @cached_property
    def size(self) -> int:
        return len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size

    @property
    def is_lfs(self) -> bool:
        return self.path.endswith(LFS_SUFFIXES) or self.size > LFS_BYTES

    @cached_property
    def sha256(self) -> str:
        if isinstance(self.source, bytes):
            return hashlib.sha256(self.source).hexdigest()
        with self.source.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def pointer(self) -> bytes:
        """What git holds in place of a file that LFS holds."""
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n".encode()

    @cached_property
    def oid(self) -> str:
        """The id of the file's blob in git."""
        content = self.pointer if self.is_lfs else self.read()
        return hashlib.sha1(b"blob %d\x00" % len(content) + content).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.is_lfs else self.oid

    def read(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()


@dataclass(frozen=True)
class Repository:
    """A model or a dataset: the files below `folder`, those of `generated` beside them, and what the Hub says of it.

    `folder` is None for a repository that lies in memory. `tags` need not repeat the licence and the pipeline. Files whose names begin with a dot stay hidden.
    """

    hub_id: str
    kind: Kind
    folder: Path | None
    pipeline_tag: str | None = None
    tags: tuple[str, ...] = ()
    downloads: int = 0
    likes: int = 0
    licence: str | None = None
    gated: bool = False
    generated: Mapping[str, bytes] = field(default_factory=dict, hash=False)

    @property
    def author(self) -> str:
        return self.hub_id.rpartition("/")[0]

    @cached_property
    def files(self) -> dict[str, HubFile]:
        """Every file by its path, in order."""
        sources: dict[str, Path | bytes] = {}
        if self.folder:
            for path in self.folder.rglob("*"):
                if path.is_file() and not path.name.startswith("."):
                    sources[path.relative_to(self.folder).as_posix()] = path
        sources |= self.generated
        return {path: HubFile(path, sources[path]) for path in sorted(sources)}

    @cached_property
    def commit(self) -> str:
        """The only commit there is: it follows from the contents, so that it changes with them."""
        listed = "\n".join(f"{file.oid} {path}" for path, file in self.files.items())
        return hashlib.sha1(f"{self.hub_id}\n{listed}".encode()).hexdigest()

    @property
    def all_tags(self) -> tuple[str, ...]:
        """The tags as the Hub lists and searches them, with the pipeline and the licence among them."""
        derived = [self.pipeline_tag, self.licence and f"license:{self.licence}"]
        return tuple(dict.fromkeys([*self.tags, *(tag for tag in derived if tag)]))

    @cached_property
    def card_data(self) -> dict[str, object]:
        """The YAML in front of the card; empty if there is none."""
        card = self.files.get("README.md")
        parts = card.read().decode().split("---\n", 2) if card else []
        return yaml.safe_load(parts[1]) or {} if len(parts) == 3 and not parts[0].strip() else {}
