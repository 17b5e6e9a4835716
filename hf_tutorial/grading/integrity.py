"""Undoing what a submission has patched: libraries as they were before its first cell.

`Snapshot` remembers every function, class and module that the loaded modules hold, the code of every function, and the
methods of every class. `restore` puts them back, in a fork, right before an answer is judged there. What is data stays:
a library may well have filled a cache. New names go only where nothing new belongs: in the builtins and in our package.
"""

import gc
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

_OURS = ("builtins", "hf_tutorial")
# What a report names when it was changed: no library changes these by itself.
_NOTED = ("builtins.", "hf_tutorial.", "torch.Tensor.", "torch._tensor.", "torch.nn.functional.")
_HEAP_TYPE = 1 << 9
_KEPT = (FunctionType, BuiltinFunctionType, type, ModuleType, staticmethod, classmethod, property)
_MISSING = object()


class Snapshot:
    """The libraries at one moment."""

    def __init__(self) -> None:
        self._modules = {name: module for name, module in sys.modules.items() if issubclass(type(module), ModuleType)}
        self._contents = [(module, dict(vars(module))) for module in self._modules.values()]
        objects = gc.get_objects()
        self._classes = [(one, dict(vars(one))) for one in objects if issubclass(type(one), type) and _can_change(one)]
        functions = [one for one in objects if type(one) is FunctionType]
        self._functions = [(one, one.__code__, one.__defaults__, one.__kwdefaults__) for one in functions]
        self._path = (list(sys.path), list(sys.meta_path), list(sys.path_hooks))
        self._hooks = (sys.displayhook, sys.excepthook)

    def restore(self) -> list[str]:
        """Put everything back; return the names of what had been changed and is worth a remark."""
        sys.settrace(None)
        sys.setprofile(None)
        changed: list[str] = []
        sys.modules.update(self._modules)
        sys.path[:], sys.meta_path[:], sys.path_hooks[:] = self._path
        sys.displayhook, sys.excepthook = self._hooks
        for function, code, defaults, keywords in self._functions:
            changed += _restore_function(function, code, defaults, keywords)
        for module, contents in self._contents:
            changed += _restore_module(module, contents)
        for kind, contents in self._classes:
            changed += _restore_class(kind, contents)
        return sorted(name for name in changed if name.startswith(_NOTED))


def _can_change(kind: type) -> bool:
    return bool(kind.__flags__ & _HEAP_TYPE)


def _restore_function(function: FunctionType, code: Any, defaults: Any, keywords: Any) -> list[str]:
    if function.__code__ is code and function.__defaults__ is defaults and function.__kwdefaults__ is keywords:
        return []
    function.__code__, function.__defaults__, function.__kwdefaults__ = code, defaults, keywords
    return [f"{function.__module__}.{function.__qualname__}"]


def _restore_module(module: ModuleType, contents: dict[str, Any]) -> list[str]:
    now, changed = vars(module), []
    for name, value in contents.items():
        if issubclass(type(value), _KEPT) and now.get(name, _MISSING) is not value:
            changed.append(f"{module.__name__}.{name}")
            now[name] = value
    if module.__name__.partition(".")[0] in _OURS:
        for name in [name for name, value in now.items() if name not in contents and callable(value)]:
            if name != "_":
                changed.append(f"{module.__name__}.{name}")
            del now[name]
    return changed


def _restore_class(kind: type, contents: dict[str, Any]) -> list[str]:
    now, changed = vars(kind), []
    for name, value in contents.items():
        if issubclass(type(value), _KEPT) and now.get(name, _MISSING) is not value:
            changed += _write(kind, name, value)
    # An inherited method can be covered by a new one: `==`, for one.
    for name in [name for name, value in now.items() if name not in contents and type(value) is FunctionType]:
        changed += _write(kind, name, _MISSING)
    return changed


def _write(kind: type, name: str, value: Any) -> list[str]:
    try:
        if value is _MISSING:
            type.__delattr__(kind, name)
        else:
            type.__setattr__(kind, name, value)
    except (AttributeError, TypeError):
        return []  # some classes of libraries refuse, and then nobody has changed them either
    return [f"{kind.__module__}.{kind.__qualname__}.{name}"]
