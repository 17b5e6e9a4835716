"""What is handed over beside an answer, as digests: is it what the course's own cells make?

A digest is a flat dictionary from a path, such as `model.weights.classifier.bias`, to a line of text. The submission's
process computes it right before it judges an answer, the reference's process at the same place, and the grader compares.
Of a kind that has no digest, the type is compared and nothing else. That a model has moved to another device or number
format, is in training mode or frozen makes no difference.
"""

import dataclasses
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType
from typing import Any

Digests = dict[str, str]
_ENTRIES = 5_000
_CLOSE = 0.02
# What a student's own calls may well change, in a configuration and in a tokenizer's backend.
_CONFIG_IGNORED = (
    *("dtype", "torch_dtype", "transformers_version", "use_cache", "output_attentions", "output_hidden_states"),
    "problem_type",  # a model notes it at the first loss
)
_BACKEND_IGNORED = ("padding", "truncation")


def digest(context: Mapping[str, object], without: Iterable[str] = ()) -> Digests:
    """Return the digests of everything in `context`, but for the student's own number and the names in `without`."""
    found: Digests = {}
    left_out = {"student", *without}
    for name, value in ((name, value) for name, value in context.items() if name not in left_out):
        for path, text in _digest(value, name, 6):
            found[path] = text
            if len(found) > _ENTRIES:
                return found
    return found


def different(found: Digests, expected: Digests) -> set[str]:
    """Return the paths at which two digests differ."""
    paths = found.keys() | expected.keys()
    return {path for path in paths if not _same(found.get(path, ""), expected.get(path, ""))}


def _same(one: str, other: str) -> bool:
    return one == other or (one.startswith("numbers ") and other.startswith("numbers ") and _same_numbers(one, other))


def _same_numbers(one: str, other: str) -> bool:
    """Compare two digests of arrays: by hash, or, where the number formats differ, by how the numbers are spread."""
    first, second = json.loads(one.removeprefix("numbers ")), json.loads(other.removeprefix("numbers "))
    if first["shape"] != second["shape"] or first["format"] == second["format"]:
        return False
    return all(abs(a - b) <= _CLOSE * max(1e-3, abs(b)) for a, b in zip(first["spread"], second["spread"], strict=True))


def _digest(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    kind = type(value)
    yield f"{path}.type", f"{kind.__module__}.{kind.__qualname__}{'' if _genuine(kind) else ' (another one)'}"
    for test, describe in _DESCRIBERS:
        if test(value):
            if depth:
                yield from describe(value, path, depth - 1)
            return


def _genuine(kind: type) -> bool:
    """Say whether a class is the one that its module holds, and not one that only has its name."""
    found: Any = sys.modules.get(kind.__module__)
    for part in kind.__qualname__.split("."):
        found = getattr(found, part, None)
    # What a notebook or a function defines is held by no module.
    return found is kind or kind.__module__ == "__main__" or "<locals>" in kind.__qualname__


def _plain(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    yield path, _hash(repr(value).encode("utf-8", "surrogatepass"))


def _sequence(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if all(type(member) in _PLAIN for member in value):
        yield path, _hash(repr(list(value)).encode("utf-8", "surrogatepass"))
        return
    for place, member in enumerate(value):
        yield from _digest(member, f"{path}.{place}", depth)


def _mapping(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, member in value.items():
        yield from _digest(member, f"{path}.{str(key)[:60]}", depth)


def _fields(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    for field in dataclasses.fields(value):
        yield from _digest(getattr(value, field.name), f"{path}.{field.name}", depth)


def _function(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    code = value.__code__
    constants = [constant for constant in code.co_consts if type(constant) in _PLAIN]
    yield path, _hash(repr((code.co_code, code.co_names, constants)).encode("utf-8", "surrogatepass"))


def _numbers(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    import numpy

    if hasattr(value, "detach"):
        value = value.detach().cpu()
        form = str(value.dtype).removeprefix("torch.")
        value = (value.float() if form == "bfloat16" else value).numpy()
    else:
        form = str(value.dtype)
    array = numpy.ascontiguousarray(value)
    described = {"format": form, "shape": list(value.shape), "hash": _hash(array.tobytes()), "spread": _spread(array)}
    yield path, "numbers " + json.dumps(described)


def _spread(array: Any) -> list[float]:
    """Return the mean size of the numbers, and of each of four parts of them."""
    import numpy

    if array.dtype.kind not in "fiub" or not array.size:
        return []
    flat = numpy.abs(array.reshape(-1).astype("float64"))
    return [float(part.mean()) if part.size else 0.0 for part in (flat, *numpy.array_split(flat, 4))]


def _config(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    settings = {name: entry for name, entry in value.to_dict().items() if name not in _CONFIG_IGNORED}
    yield path, _hash(json.dumps(settings, sort_keys=True, default=str).encode())


def _model(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    yield f"{path}.modules", _hash("".join(_describe_modules(value)).encode())
    if getattr(value, "config", None) is not None:
        yield from _digest(value.config, f"{path}.config", depth)
    for name, tensor in value.state_dict().items():
        yield from _numbers(tensor, f"{path}.weights.{name}", depth)


def _describe_modules(model: Any) -> Iterator[str]:
    """Name every part of a model with its class, with what covers its methods, and with its hooks."""
    for name, module in model.named_modules():
        covered = sorted(key for key, value in vars(module).items() if callable(getattr(type(module), key, None)))
        hooks = [_foreign(module._forward_hooks.values()), _foreign(module._forward_pre_hooks.values())]
        yield f"{name} {type(module).__qualname__} {covered} {hooks}\n"


def _foreign(hooks: Iterable[Any]) -> int:
    """Count hooks, but for those that Transformers leaves on a model that was once asked for hidden states or attentions."""
    return sum(not _is_of_transformers(hook) for hook in hooks)


def _is_of_transformers(function: Any) -> bool:
    name = str(getattr(function, "__module__", ""))
    home = sys.modules.get(name)
    is_there = home is not None and getattr(function, "__globals__", None) is vars(home)
    return is_there and name.startswith("transformers.")


def _tokenizer(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    backend = json.loads(value.backend_tokenizer.to_str())
    rest = {name: entry for name, entry in backend.items() if name not in _BACKEND_IGNORED}
    covered = sorted(key for key in vars(value) if isinstance(getattr(type(value), key, None), FunctionType))
    described = [rest, covered, value.model_max_length, value.all_special_tokens, getattr(value, "chat_template", None)]
    yield path, _hash(json.dumps(described, sort_keys=True, default=str).encode("utf-8", "surrogatepass"))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _of(module: str, *names: str) -> Callable[[Any], bool]:
    """Return a test for instances of classes in `module`; a module that is not loaded has none."""

    def test(value: Any) -> bool:
        kinds = tuple(getattr(sys.modules.get(module), name, None) for name in names)
        return isinstance(value, tuple(kind for kind in kinds if isinstance(kind, type)))

    return test


_PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...))
_DESCRIBERS: list[tuple[Callable[[Any], bool], Callable[[Any, str, int], Iterator[tuple[str, str]]]]] = [
    (lambda value: type(value) in _PLAIN, _plain),
    (lambda value: type(value) is FunctionType, _function),
    (_of("torch", "Tensor"), _numbers),
    (_of("numpy", "ndarray", "generic"), _numbers),
    (_of("torch.nn", "Module"), _model),
    (_of("transformers.configuration_utils", "PreTrainedConfig", "PretrainedConfig"), _config),
    (_of("transformers.tokenization_utils_tokenizers", "TokenizersBackend"), _tokenizer),
    (lambda value: dataclasses.is_dataclass(value) and not isinstance(value, type), _fields),
    (lambda value: isinstance(value, Mapping), _mapping),
    (lambda value: isinstance(value, (list, tuple)), _sequence),
    (
        lambda value: isinstance(value, (set, frozenset)),
        lambda value, path, depth: _plain(sorted(map(repr, value)), path, depth),
    ),
]
