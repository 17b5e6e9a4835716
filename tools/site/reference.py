"""The reference of the helper package, as pages for Sphinx: public names and what they return, from their docstrings."""

import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

import hf_tutorial
from tools.notebooks import ToolError
from tools.site.commands import command_page
from tools.site.docstrings import as_markdown
from tools.site.signatures import signature_of, type_name

# Each page: its title, and the public names on it; after a colon the module of a name that the package does not export.
PAGES = {
    "setup": ("Setting up, and checkpoints", ["setup", "hf_tutorial.session:Session", "hub_or_local", "split_reviews"]),
    "tokens": (
        "Tokens",
        [
            "print_encoding",
            "inspect_tokens",
            "hf_tutorial.tokens:TokenInspection",
            "compare_tokenizers",
            "hf_tutorial.tokens:TokenizerComparison",
        ],
    ),
    "truncation": (
        "Truncation",
        ["truncate_words", "truncate_tokens", "truncation_report", "hf_tutorial.truncation:TruncationReport"],
    ),
    "attention": (
        "Attention",
        [
            "capture_attention",
            "attention_from_outputs",
            "hf_tutorial.attention:Attention",
            "hf_tutorial.attention:EncoderDecoderAttention",
            "plot_attention_grid",
            "plot_attention_head",
            "explore_attention",
            "hf_tutorial.attention:AttentionExplorer",
            "hf_tutorial.attention:alt_text",
            "hf_tutorial.attention:Label",
            "hf_tutorial.attention:Word",
        ],
    ),
    "checks": ("Checks", ["check", "hf_tutorial.checks:Verdict"]),
    "errors": (
        "Errors",
        [
            "HfTutorialError",
            "hf_tutorial.errors:InputError",
            "hf_tutorial.errors:SourceError",
            "hf_tutorial.errors:HubError",
            "hf_tutorial.errors:UnknownIdError",
            "hf_tutorial.errors:MissingExtraError",
        ],
    ),
}


def reference_pages() -> dict[str, str]:
    """Return the pages by their names. Raises ToolError if a public name is on none of them."""
    listed = {name for _, names in PAGES.values() for name in names}
    if missing := set(hf_tutorial.__all__) - listed:
        raise ToolError(f"tools/site/reference.py: {', '.join(sorted(missing))} is on no page; add it to PAGES")
    pages = {f"api/{page}": _page(title, names) for page, (title, names) in PAGES.items()}
    pages["api/command_line"] = _command_line()
    pages["api/index"] = _index([*PAGES, "command_line"])
    return pages


def _index(pages: list[str]) -> str:
    package = " ".join((hf_tutorial.__doc__ or "").split())
    return "\n".join(["# The helper package", "", package, "", "```{toctree}", *pages, "```"])


def _command_line() -> str:
    from hf_tutorial.cli import _parser

    return command_page(_parser(), "The command line")


def _page(title: str, names: list[str]) -> str:
    parts = [f"# {title}"]
    for entry in names:
        module, _, name = entry.rpartition(":")
        thing = getattr(import_module(module or "hf_tutorial"), name)
        parts.append(_described(name, thing, module or "hf_tutorial"))
    return "\n\n".join(parts)


def _described(name: str, thing: Any, module: str) -> str:
    heading = f"## `{name}`"
    if not inspect.isclass(thing):
        return f"{heading}\n\n{directive('py:function', name + signature_of(thing), as_markdown(thing), module)}"
    if issubclass(thing, BaseException):
        bases = ", ".join(f"`{base.__name__}`" for base in thing.__bases__)
        body = f"{as_markdown(thing)}\n\nIt is a kind of {bases}."
        return f"{heading}\n\n{directive('py:exception', name, body, module)}"
    members = "\n\n".join([as_markdown(thing), *_fields(thing), *_methods(thing)])
    return f"{heading}\n\n{directive('py:class', name, members, module)}"


def directive(kind: str, signature: str, body: str, module: str = "", *options: str) -> str:
    """Return a MyST directive; colons instead of backticks, since its body may hold fenced code."""
    fence = ":" * (6 if kind in ("py:class", "py:exception", "py:function") else 4)
    head = [f":module: {module}"] if module else []
    return "\n".join([f"{fence}{{{kind}}} {signature}", *head, *options, "", body, fence])


def _fields(thing: type) -> Iterator[str]:
    """Name the fields of a dataclass with their types; the class's own text says what they hold."""
    if is_dataclass(thing) and (public := [one for one in fields(thing) if not one.name.startswith("_")]):
        named = (f"`{one.name}`" + (f" (`{kind}`)" if (kind := type_name(one.type)) else "") for one in public)
        yield f"Fields: {', '.join(named)}."


def _methods(thing: type) -> Iterator[str]:
    for name, member in vars(thing).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            kind = type_name(inspect.signature(member.fget).return_annotation) if member.fget else ""
            yield directive("py:property", name, as_markdown(member), "", *([f":type: {kind}"] if kind else []))
        elif inspect.isfunction(member):
            yield directive("py:method", name + signature_of(member, method=True), as_markdown(member))
