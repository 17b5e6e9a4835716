"""The reference: every public name, from its own docstring, with a signature that can be read."""

import argparse
from collections.abc import Callable
from typing import Any, Literal

import pytest

import hf_tutorial
from hf_tutorial.cli import _parser
from tools.notebooks import ToolError
from tools.site import reference
from tools.site.commands import command_page, subcommands
from tools.site.docstrings import from_text
from tools.site.signatures import signature_of, type_name


def test_every_public_name_and_what_it_returns_are_there():
    pages = reference.reference_pages()
    everything = "\n".join(pages.values())
    for name in hf_tutorial.__all__:
        assert f"## `{name}`" in everything
    assert "{py:method} merge_words(" in pages["api/attention"]
    assert "(self" not in everything
    assert "{py:property} accuracies" in pages["api/truncation"]
    assert "{py:exception} HfTutorialError" in pages["api/errors"]
    assert "Fields: `seed` (`int`), `device`" in pages["api/setup"]


def test_a_public_name_without_a_page_stops_the_build(monkeypatch):
    monkeypatch.setattr(hf_tutorial, "__all__", [*hf_tutorial.__all__, "brand_new"])
    with pytest.raises(ToolError, match="brand_new is on no page; add it to PAGES"):
        reference.reference_pages()


def test_signatures_have_names_short_types_and_defaults():
    def cut(
        dataset: Any,
        n: int,
        *rest: str,
        keep: "Literal['head', 'tail']" = "head",
        using: Callable[[list[str], list[int]], dict[str, list[int]]] | None = None,
        **options: object,
    ) -> "dict[str, Any]": ...

    assert signature_of(cut) == (
        '(dataset, n: int, *rest: str, keep: Literal["head", "tail"] = \'head\', using=None, **options: object)'
        " -> dict[str, Any]"
    )


def test_a_default_with_commas_stays_whole():
    def call(keep=("head", "tail"), text="a, b"): ...

    assert signature_of(call) == "(keep=('head', 'tail'), text='a, b')"


def test_types_come_without_their_modules():
    assert type_name("collections.abc.Sequence[numpy.ndarray]") == "Sequence[ndarray]"
    assert type_name(Any) == ""


def test_a_docstring_is_markdown_with_its_code_set_apart():
    text = "Do it.\n\n    do(1)\n    # again\n    do(2)\n\nThen `x`.\n\n>>> do(1)\n2\n\n# no heading"
    assert from_text(text) == (
        "Do it.\n\n```python\ndo(1)\n# again\ndo(2)\n```\n\nThen `x`.\n\n```pycon\n>>> do(1)\n2\n```\n\n\n\\# no heading"
    )


def test_the_command_line_is_described_by_its_parser():
    page = command_page(_parser(), "The command line")
    for name, _, _ in subcommands(_parser()):
        assert f"## `hf-tutorial {name}`" in page
    assert "`--port PORT`\n: the first port to try (default: 8888)" in page


def test_what_a_help_text_says_is_text():
    parser = argparse.ArgumentParser(prog="tool")
    command = parser.add_subparsers().add_parser("go", help="go <there>")
    command.add_argument("--to", metavar="PLACE", help="the <b>place</b>, %(default)s or *any*", default="home")
    page = command_page(parser, "Tool")
    assert "`--to PLACE`\n: the &lt;b>place&lt;/b>, home or \\*any\\*" in page
