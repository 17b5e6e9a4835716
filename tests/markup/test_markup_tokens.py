"""Inspections and comparisons as HTML: any text comes back as it is, and nothing of it becomes an element."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hf_tutorial.tokens import compare_tokenizers, inspect_tokens
from hf_tutorial.tokens.describe import CELL
from hf_tutorial.tokens.text_form import CHARACTERS_SHOWN, POSITIONS_SHOWN, TOKENS_SHOWN
from hf_tutorial.tokens.visible import visible
from tests.markup.reading import PAGE, read
from tests.odd_texts import MANY, MARKUP, TEXTS
from tests.tokens.tiny_tokenizers import FAMILIES

EXPECTED = PAGE | {
    "div": ["class", "translate", "tabindex", "role", "aria-label", "aria-hidden", "style"],
    "p": ["class"],
    "span": ["class"],
    "bdi": ["class", "style", "title"],
    "i": ["class"],
    "ol": ["class", "aria-label"],
    "li": ["class"],
    "dl": ["class"],
    "dt": [],
    "dd": [],
    "details": ["open"],
    "summary": [],
    "table": ["class"],
    "caption": [],
    "thead": [],
    "tbody": [],
    "tr": [],
    "th": ["class", "scope"],
    "td": ["class"],
}
CLASS = re.compile(r"(hft-[a-z]+ ?)+")
STYLE = re.compile(r"grid-area: \d+ / \d+( / \d+ / \d+)?|--hft-margin: [\d.]+em")
families = st.sampled_from(list(FAMILIES))
whole_attack = example(family="WordPiece", text=" ".join(MARKUP))


def markup(shown):
    """Return the HTML of `shown` as a tree, after checking that what it says to the browser is ours."""
    tree = read(shown._repr_html_(), EXPECTED)
    for element in (one for tag in EXPECTED for one in tree.all(tag)):
        assert CLASS.fullmatch(element.attributes.get("class", "hft-x"))
        assert STYLE.fullmatch(element.attributes.get("style", "grid-area: 1 / 1"))
    return tree


@given(family=families, text=TEXTS)
@whole_attack
@settings(max_examples=MANY, deadline=None)
def test_the_text_and_its_tokens_come_back(family, text):
    shown = inspect_tokens(FAMILIES[family], text)
    tree = markup(shown)
    assert tree.one("p", "hft-text").one("bdi").text == (
        visible(text, spaces=False, limit=CHARACTERS_SHOWN) or "(empty)"
    )
    pieces = [chip.one("bdi", "hft-big").text for chip in _chips(tree)]
    assert pieces == [visible(token.text or token.piece, limit=CELL) for token in shown.tokens[:TOKENS_SHOWN]]


@given(family=families, texts=st.lists(TEXTS, min_size=1, max_size=3), pair=TEXTS)
@settings(max_examples=MANY // 4, deadline=None)
def test_batches_and_pairs_say_every_token(family, texts, pair):
    tokenizer = FAMILIES[family]
    for shown, most in (
        (inspect_tokens(tokenizer, [*texts, "hello"]), POSITIONS_SHOWN),
        (inspect_tokens(tokenizer, texts[0], pair), TOKENS_SHOWN),
    ):
        ids = [chip.all("span")[0].text for chip in _chips(markup(shown))]
        assert ids == [str(token.id) for row in shown.rows for token in row.tokens[:most]]


def _chips(tree):
    return [one for tag in ("li", "div") for one in tree.all(tag, "hft-chip")]


@given(text=TEXTS, name=TEXTS)
@example(text="hello world", name=" ".join(MARKUP))
@settings(max_examples=MANY, deadline=None)
def test_a_comparison_shows_names_and_text(text, name):
    shown = compare_tokenizers({name: FAMILIES["WordPiece"], f"{name}2": FAMILIES["GPT-2"]}, text)
    tree = markup(shown)
    said = [visible(one, spaces=False) for one in (name, f"{name}2")]
    counts = [row.all("th")[0].text for row in tree.all("table")[-1].one("tbody").all("tr")]
    assert counts == said
    if len(text) <= 40 and tree.all("div", "hft-groups"):
        atoms = [atom.text for atom in tree.all("bdi", "hft-atom")]
        assert _bare("".join(atoms)) == _bare(visible(text))


def _bare(shown):
    """Leave out what depends on where a text is cut: carriers of combining marks, and spaces in what looks like bytes."""
    return shown.replace("◌", "").replace("␣", " ")


def test_a_saved_page_is_as_safe(tmp_path):
    attack = " ".join(MARKUP)
    shown = compare_tokenizers({attack: FAMILIES["WordPiece"]}, attack)
    tree = read(shown.save(tmp_path / "page.html").read_text(encoding="utf-8"), EXPECTED)
    assert tree.one("title").text == "Tokenizers compared"
    assert tree.all("table")[-1].one("tbody").one("th").text == visible(attack, spaces=False)
