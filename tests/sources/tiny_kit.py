"""`hf-tutorial` with three tiny stand-ins that are made slowly: run as a script, it takes the same commands.

One is made from a carrier that pip fetches, one is written by a library whose errors are no OSErrors, one is plain.
"""

import base64
import hashlib
import io
import sys
import time
import zipfile
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType

_METADATA = "Metadata-Version: 2.1\nName: tiny-carrier\nVersion: 1.0\n"
_WHEEL = "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def noise(size: int, seed: int) -> bytes:
    return hashlib.shake_128(bytes([seed])).digest(size)


def carrier_wheel() -> bytes:
    """Return a wheel that pip takes for one, the same every time."""
    members = {
        "tiny/data.bin": noise(150_000, 0),
        "tiny_carrier-1.0.dist-info/METADATA": _METADATA.encode(),
        "tiny_carrier-1.0.dist-info/WHEEL": _WHEEL.encode(),
    }
    record = [f"{name},sha256={_record_hash(data)},{len(data)}" for name, data in members.items()]
    members["tiny_carrier-1.0.dist-info/RECORD"] = "\n".join(
        [*record, "tiny_carrier-1.0.dist-info/RECORD,,", ""]
    ).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _record_hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def write_carrier(folder: Path) -> Path:
    """Write the carrier to `folder`, for pip to find."""
    folder.mkdir()
    (folder / "tiny_carrier-1.0-py3-none-any.whl").write_bytes(carrier_wheel())
    return folder


def build_plain(folder: Path) -> None:
    for number in range(10):
        (folder / f"part-{number}.bin").write_bytes(noise(20_000, number))
        time.sleep(0.03)


def build_carried(folder: Path) -> None:
    from hf_tutorial.sources.wheels import extract, fetch

    extract(fetch(_carrier()), "tiny/data.bin", folder / "data.bin")
    build_plain(folder)


def build_tensors(folder: Path) -> None:
    import numpy
    from safetensors.numpy import save_file

    save_file({"weights": numpy.frombuffer(noise(200_000, 1), dtype=numpy.uint8)}, folder / "model.safetensors")
    time.sleep(0.3)


def _carrier():
    from hf_tutorial.sources.registry import Carrier

    return Carrier("tiny-carrier", "1.0", hashlib.sha256(carrier_wheel()).hexdigest(), 1, "MIT")


def _stand_ins():
    from hf_tutorial.sources.registry import StandIn

    for name, build, carriers in (
        ("plain", build_plain, ()),
        ("carried", build_carried, (_carrier(),)),
        ("tensors", build_tensors, ()),
    ):
        recipe = ModuleType(f"hf_tutorial.sources.recipes.{name}")
        recipe.build = build
        sys.modules[recipe.__name__] = recipe
        yield StandIn(name, (f"tiny/{name}",), "model", "tiny", name, 1, carriers)


def main() -> int:
    """Do what `hf-tutorial` does, without the libraries that it imports to hide their noise."""
    from hf_tutorial import cli, doctor
    from hf_tutorial.sources import prepare

    prepare.STAND_INS = doctor.STAND_INS = tuple(_stand_ins())
    prepare._without_noise = nullcontext
    doctor._device = lambda: doctor.Finding("device", "not looked at")
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
