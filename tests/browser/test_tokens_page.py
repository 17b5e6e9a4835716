"""Saved pages in a real browser: nothing acts, nothing is fetched, nothing overflows, everything can be read."""

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import ByT5Tokenizer, PreTrainedTokenizerFast

from hf_tutorial.tokens import compare_tokenizers, inspect_tokens

pytestmark = pytest.mark.browser

ATTACK = '<script>alert(1)</script><img src=x onerror=alert(2)> & "quoted" مرحبا'

# The lowest contrast of any text on the page with what lies behind it, translucent layers blended.
LOWEST_CONTRAST = """
() => {
  const parse = (css) => {
    const [r, g, b, a = 1] = css.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = (top, below) => [0, 1, 2].map((n) => top[n] * top[3] + below[n] * (1 - top[3]));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let lowest = 21;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const chain = [];
    for (let node = element; node; node = node.parentElement) chain.unshift(getComputedStyle(node));
    let behind = [255, 255, 255];
    for (const style of chain) behind = over(parse(style.backgroundColor), behind);
    const opacity = chain.reduce((product, style) => product * Number(style.opacity), 1);
    const ink = parse(getComputedStyle(element).color);
    const seen = over([...ink.slice(0, 3), ink[3] * opacity], behind);
    const [low, high] = [light(seen), light(behind)].sort((a, b) => a - b);
    lowest = Math.min(lowest, (high + 0.05) / (low + 0.05));
  }
  return lowest;
}
"""


def word_level():
    vocabulary = {piece: id for id, piece in enumerate(["[PAD]", "[UNK]", "[CLS]", "script", "alert", "quoted"])}
    rust = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    rust.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    rust.post_processor = processors.TemplateProcessing(single="[CLS] $A", special_tokens=[("[CLS]", 2)])
    return PreTrainedTokenizerFast(tokenizer_object=rust, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]")


SHOWN = {
    "inspection": lambda: inspect_tokens(word_level(), ATTACK),
    "batch": lambda: inspect_tokens(word_level(), [ATTACK, "script"], padding=True),
    "comparison": lambda: compare_tokenizers({"<b>words</b>": word_level(), "ByT5": ByT5Tokenizer()}, ATTACK),
    "python": lambda: inspect_tokens(ByT5Tokenizer(), ATTACK),
    "long word": lambda: compare_tokenizers({"words": word_level(), "ByT5": ByT5Tokenizer()}, "x" * 300),
}


@pytest.fixture(params=SHOWN)
def saved(request, tmp_path):
    return SHOWN[request.param]().save(tmp_path / "tokens.html")


def opened(browser, path, **options):
    """Return the page, and the dialogs, requests and errors that came with it."""
    page = browser.new_page(**options)
    events = []
    page.on("dialog", lambda dialog: (events.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: events.append(request.url))
    page.on("pageerror", lambda error: events.append(str(error)))
    page.goto(path.as_uri())
    return page, events


def test_markup_in_a_text_is_text(browser, saved):
    page, events = opened(browser, saved)
    assert events == [saved.as_uri()]
    assert page.locator("script, img, b").count() == 0
    assert page.evaluate("document.body.innerText.length") > 100
    page.close()


def test_the_text_is_shown_as_it_is(browser, tmp_path):
    page, _ = opened(browser, SHOWN["inspection"]().save(tmp_path / "tokens.html"))
    assert page.locator(".hft-text bdi").inner_text() == ATTACK
    assert page.locator(".hft-chip.hft-unknown").count() > 3
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_does_not_scroll_sideways(browser, saved, width):
    page, _ = opened(browser, saved, viewport={"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out(browser, saved, scheme):
    page, _ = opened(browser, saved, color_scheme=scheme)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(22, 24, 28)")
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5
    page.close()


def test_letters_are_large_enough_for_a_lecture_room(browser, saved):
    page, _ = opened(browser, saved, viewport={"width": 1280, "height": 720})
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    assert page.locator(".hft-tokens").evaluate(size) >= 20
    tokens = page.locator(".hft-big, .hft-cell")
    assert min(tokens.nth(n).evaluate(size) for n in range(min(5, tokens.count()))) >= 22
    page.close()


def test_the_names_stand_beside_their_lines(browser, tmp_path):
    # The names of a comparison are repeated for every line that the page has room for; each must meet its cells.
    path = compare_tokenizers({"words": word_level(), "ByT5": ByT5Tokenizer()}, "script alert " * 6).save(
        tmp_path / "c.html"
    )
    page, _ = opened(browser, path, viewport={"width": 360, "height": 740})
    middles = "elements => elements.map(e => { const b = e.getBoundingClientRect(); return (b.top + b.bottom) / 2 })"
    names = page.locator(".hft-names span").evaluate_all(middles)
    for middle in page.locator(".hft-cell, .hft-atom").evaluate_all(middles):
        assert min(abs(middle - name) for name in names) < 4
    page.close()


def test_a_fragment_follows_a_notebook_s_own_dark_theme(browser, tmp_path):
    # JupyterLab's dark theme is no matter of the reader's system: the fragment takes colour and background from around it.
    page = browser.new_page(color_scheme="light")
    fragment = SHOWN["inspection"]()._repr_html_()
    page.set_content(f'<body style="background: #111; color: #eee">{fragment}</body>')
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5
    page.close()


# What JupyterLab's own style sheet says of lists in an output.
JUPYTERLAB = ".jp-RenderedHTMLCommon dl dt { float: left; width: 20%; } .jp-RenderedHTMLCommon dl dd { float: left; width: 80%; }"


def test_jupyterlab_s_list_style_does_not_squeeze_the_stages(browser, tmp_path):
    path = tmp_path / "output.html"
    fragment = inspect_tokens(word_level(), "script")._repr_html_()
    path.write_text(f'<style>{JUPYTERLAB}</style><div class="jp-RenderedHTMLCommon">{fragment}</div>', encoding="utf-8")
    page, _ = opened(browser, path, viewport={"width": 900, "height": 700})
    heights = page.eval_on_selector_all(".hft-stages dt", "terms => terms.map((term) => term.offsetHeight)")
    assert heights
    assert max(heights) < 80, "a stage's name stands on one line, its component on the next"
