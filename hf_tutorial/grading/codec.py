"""Answers as bytes: numbers, text, lists, dictionaries, arrays and tensors, and nothing that could act.

An answer leaves the submission's process as JSON in which every value stands beside the mark of its type, and arrives
as a value of exactly that type: an object of a class of one's own, with an `==` of its own, cannot pass. Whatever has no
mark becomes an `Opaque`, which remembers only what kind of thing it was. Nothing is unpickled.
"""

import base64
import json
import math
from typing import Any

DEPTH = 12
MEMBERS = 200_000
ARRAY_BYTES = 8_000_000
_LONGEST_INTEGER = 4_000  # bits
_LONGEST_TEXT = 2_000_000
_SEQUENCES = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_ARRAY_KINDS = set("biufc")


class CodecError(ValueError):
    """What arrived is no answer in this encoding."""


class Opaque:
    """Stands for an answer that is no plain data; a message shows it as the kind of thing that it was."""


def is_data(value: object) -> bool:
    """Say whether `value` can be sent as it is."""
    try:
        return not _holds_opaque(encode(value))
    except RecursionError:
        return False


def _holds_opaque(encoded: Any) -> bool:
    kind, rest = encoded[0], encoded[1:]
    if kind == "dict":
        return any(_holds_opaque(part) for pair in rest[0] for part in pair)
    return kind == "opaque" or (kind in _SEQUENCES and any(map(_holds_opaque, rest[0])))


def encode(value: object) -> list[Any]:
    """Return `value` as nested lists for JSON. Runs no code of the value's own class."""
    return _Encoder().encode(value, DEPTH)


class _Encoder:
    def __init__(self) -> None:
        self.left = MEMBERS
        self.bytes_left = ARRAY_BYTES

    def encode(self, value: Any, depth: int) -> list[Any]:
        kind = type(value)
        self.left -= 1
        if depth == 0 or self.left < 0:
            return ["opaque", "answer that is too large"]
        if value is None or value is ... or kind is bool:
            return ["constant", str(value)]
        if kind is int:
            return ["int", hex(value)] if value.bit_length() <= _LONGEST_INTEGER else ["opaque", "huge number"]
        if kind is float:
            return ["float", value.hex()]
        if kind is complex:
            return ["complex", value.real.hex(), value.imag.hex()]
        if kind in (str, bytes):
            return self._text(value)
        if kind.__name__ in _SEQUENCES and kind is _SEQUENCES[kind.__name__]:
            members = [self.encode(member, depth - 1) for member in value]
            # A set has no order: one that does not change from run to run is given to it.
            return [kind.__name__, sorted(members, key=json.dumps) if kind in (set, frozenset) else members]
        if kind is dict:
            return ["dict", [[self.encode(one, depth - 1) for one in pair] for pair in value.items()]]
        return self._array(value, kind)

    def _text(self, value: str | bytes) -> list[Any]:
        self.bytes_left -= len(value)
        if len(value) > _LONGEST_TEXT or self.bytes_left < 0:
            return ["opaque", "text that is too long"]
        if isinstance(value, str):
            # Halves of surrogate pairs are no UTF-8; "surrogatepass" brings them through.
            return ["str", _base64(value.encode("utf-8", "surrogatepass"))]
        return ["bytes", _base64(value)]

    def _array(self, value: Any, kind: type) -> list[Any]:
        mark, array = _as_array(value, kind)
        if array is None or array.dtype.kind not in _ARRAY_KINDS:
            return ["opaque", _short(kind.__name__)]
        self.bytes_left -= array.nbytes
        if self.bytes_left < 0:
            return ["opaque", f"{_short(kind.__name__)} that is too large"]
        return [mark, array.dtype.str, list(array.shape), _base64(array.tobytes())]


def _as_array(value: Any, kind: type) -> tuple[str, Any]:
    """Return the mark and the NumPy array of an array, a NumPy number, a tensor or a torch.Size."""
    module = kind.__module__.partition(".")[0]
    if module == "numpy":
        import numpy

        if kind is numpy.ndarray:
            return "array", numpy.ascontiguousarray(value).reshape(value.shape)
        return "scalar", numpy.asarray(value) if isinstance(value, numpy.generic) else None
    if module == "torch":
        import torch

        if kind is torch.Size:
            import numpy

            return "size", numpy.asarray(tuple(value), dtype="<i8")
        if kind in (torch.Tensor, torch.nn.Parameter):
            plain = value.detach().cpu().resolve_conj().resolve_neg()
            if plain.dtype is torch.bfloat16:
                return "bfloat16", plain.float().numpy()
            return "tensor", plain.numpy()
    return "", None


def decode(encoded: Any) -> Any:
    """Return the value that `encode` was given; raise CodecError for anything that `encode` does not write."""
    try:
        return _decode(encoded, DEPTH + 1)
    except CodecError:
        raise
    except Exception as error:
        raise CodecError(f"an answer cannot be decoded ({type(error).__name__})") from error


def _decode(encoded: Any, depth: int) -> Any:
    if type(encoded) is not list or len(encoded) < 2 or depth == 0:
        raise CodecError("an answer is not in the expected form")
    kind, first = encoded[0], encoded[1]
    if kind in _SEQUENCES:
        return _SEQUENCES[kind](_decode(member, depth - 1) for member in first)
    if kind == "dict":
        return {_decode(key, depth - 1): _decode(value, depth - 1) for key, value in first}
    if kind in _ARRAYS:
        return _decode_array(*encoded)
    if kind not in _PLAIN:
        raise CodecError("an answer has an unknown type")
    return _PLAIN[kind](*encoded[1:])


def _decode_array(kind: str, dtype: str, shape: list[int], data: str) -> Any:
    import numpy

    raw, described = base64.b64decode(data, validate=True), numpy.dtype(dtype)
    if described.kind not in _ARRAY_KINDS or len(raw) != math.prod(shape) * described.itemsize:
        raise CodecError("an array does not have the size that it claims")
    array = numpy.frombuffer(raw, dtype=described).reshape(shape).copy()
    if kind == "array":
        return array
    if kind == "scalar":
        return array[()]
    return _as_tensor(kind, array)


def _as_tensor(kind: str, array: Any) -> Any:
    import torch

    if kind == "size":
        return torch.Size(array.tolist())
    tensor = torch.from_numpy(array)
    return tensor.bfloat16() if kind == "bfloat16" else tensor


def _constant(name: str) -> object:
    return {"None": None, "Ellipsis": ..., "True": True, "False": False}[name]


def _opaque(kind: str) -> Opaque:
    return type(_short(kind), (Opaque,), {})()


def _short(name: str) -> str:
    return name[:80]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


_ARRAYS = {"array", "scalar", "tensor", "bfloat16", "size"}
_PLAIN: dict[str, Any] = {
    "constant": _constant,
    "int": lambda text: int(text, 16),
    "float": float.fromhex,
    "complex": lambda real, imaginary: complex(float.fromhex(real), float.fromhex(imaginary)),
    "str": lambda text: base64.b64decode(text, validate=True).decode("utf-8", "surrogatepass"),
    "bytes": lambda text: base64.b64decode(text, validate=True),
    "opaque": _opaque,
}
