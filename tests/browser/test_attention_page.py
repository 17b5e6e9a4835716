"""The attention explorer in a real browser: what it says is what the weights say, by mouse and by keyboard."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from hf_tutorial.attention import Attention, EncoderDecoderAttention, Label
from hf_tutorial.attention.explorer import explore_attention
from hf_tutorial.attention.labels import plain_labels

pytestmark = pytest.mark.browser

WORDS = [("[CLS]", 0), ("the", 0), ("cat", 0), ("[SEP]", 0), ("it", 1), ("sat", 1), ("[SEP]", 1)]
PAIR = tuple(Label(word, word, special=word[0] == "[", sequence=sequence) for word, sequence in WORDS)


def soft(*shape, seed=0):
    scores = np.exp(2 * np.random.default_rng(seed).normal(size=shape))
    return (scores / scores.sum(-1, keepdims=True)).astype(np.float32)


def pair(labels=PAIR):
    count = len(labels)
    return Attention(soft(3, 4, count, count), labels, labels, "self", (0, 1, 2), (0, 1, 2, 3), "a model")


def encoder_decoder():
    read, written = plain_labels(["<pad>", "22", "."]), plain_labels(["22", ".", "</s>"])
    source = plain_labels(["Nov", "22", ",", "</s>"])
    causal = np.tril(soft(2, 2, 3, 3))
    causal /= causal.sum(-1, keepdims=True)
    return EncoderDecoderAttention(
        Attention(soft(3, 2, 4, 4), source, source, "self", (0, 1, 2), (0, 1), "t5"),
        Attention(causal, read, read, "causal", (0, 1), (0, 1), "t5"),
        Attention(soft(2, 2, 3, 4), read, source, "cross", (0, 1), (0, 1), "t5"),
        written,
    )


def settle(page):
    """Wait until what an event asked for is drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def state(page, name, of=0):
    settle(page)
    return page.locator(".hft-app").nth(of).get_attribute(f"data-{name}")


def said(page):
    settle(page)
    return page.locator(".hft-said").first.inner_text()


def press(page, canvas, *keys):
    page.locator(canvas).first.focus()
    for key in keys:
        page.keyboard.press(key)


class Events(list):
    """Dialogs, errors and requests of a page; the page itself is none of them."""

    def __init__(self, page):
        page.on("dialog", lambda dialog: (self.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: self.append(request.url) if request.frame.url != request.url else None)
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("console", lambda message: self.append(message.text) if message.type == "error" else None)


@pytest.fixture(scope="module")
def shared(browser, tmp_path_factory):
    """One browser page for all tests of this file, and where the saved explorers lie."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.events = Events(page)
    folder = tmp_path_factory.mktemp("pages")
    saved = {"pair": pair(), "t5": encoder_decoder()}
    yield page, {name: explore_attention(attention).save(folder / f"{name}.html") for name, attention in saved.items()}
    page.close()


@pytest.fixture
def open_page(shared):
    page, paths = shared

    def opened(name):
        page.events.clear()
        page.goto(paths[name].as_uri())
        page.wait_for_selector(".hft-app[data-rows]")
        return page

    yield opened
    assert [event for event in page.events if not event.startswith("file:")] == []


def test_every_value_that_is_announced_is_the_weight(open_page):
    page, attention = open_page("pair"), pair()
    page.click("[data-value=heat]")
    page.locator("select").nth(0).select_option("1")
    page.locator("select").nth(1).select_option("2")
    press(page, ".hft-canvas", "ArrowDown")
    for row in range(7):
        for column in range(7) if row % 2 == 0 else reversed(range(7)):
            weight = attention.weights[1, 2, row, column]
            text = said(page)
            now = page.locator(".hft-app").evaluate("app => ({ ...app.dataset })")
            assert (now["row"], now["column"]) == (str(row), str(column))
            assert abs(float(now["value"]) - weight) <= 1 / 510 + 1e-7
            assert text.startswith(f"Layer 1, head 2: {WORDS[row][0]} → {WORDS[column][0]} ")
            assert abs(float(text.split()[-1].replace("0.002", "0")) - weight) <= 1 / 255
            press(page, ".hft-canvas", "ArrowRight" if row % 2 == 0 else "ArrowLeft")
        press(page, ".hft-canvas", "ArrowDown")


def test_arrow_keys_choose_a_head(open_page):
    page = open_page("pair")
    press(page, ".hft-overview", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowDown")
    assert (state(page, "layer"), state(page, "head")) == ("1", "2")
    assert [page.locator("select").nth(n).input_value() for n in (0, 1)] == ["1", "2"]
    press(page, ".hft-overview", "End")
    assert (state(page, "layer"), state(page, "head")) == ("2", "3")
    assert "Layer 2, head 3" in page.locator(".hft-canvas").get_attribute("aria-label")


def test_a_click_chooses_the_head_under_the_pointer(open_page):
    page = open_page("pair")
    box = page.locator(".hft-chosen").bounding_box()
    for across, down in ((1.1, 0.1), (2.9, 1.9)):
        x, y = box["x"] + across * box["width"] + 3 * int(across), box["y"] + down * box["height"] + 3 * int(down)
        page.mouse.click(x, y)
        assert (state(page, "layer"), state(page, "head")) == (str(int(down)), str(int(across)))
        moved = page.locator(".hft-chosen").bounding_box()
        assert moved["x"] <= x <= moved["x"] + moved["width"]
        assert moved["y"] <= y <= moved["y"] + moved["height"]


def point_at(page, side, number):
    """Move the pointer down one side of the lines until it is on this token, and return where it is."""
    box = page.locator(".hft-canvas").bounding_box()
    x = box["x"] + box["width"] * (0.12 if side == "row" else 0.88)
    for y in range(int(box["y"]) + 5, int(box["y"] + box["height"]), 12):
        page.mouse.move(x, y)
        if state(page, side) == str(number):
            return x, y
    raise AssertionError(f"{side} {number} was not found")


def test_pointing_at_a_token_reads_its_row_and_leaving_lets_go(open_page):
    page, attention = open_page("pair"), pair()
    assert state(page, "edges") == str((attention.weights[0, 0] >= 0.5 / 255).sum())
    point_at(page, "row", 2)
    order = np.argsort(-attention.weights[0, 0, 2])
    assert said(page).startswith(f"Layer 0, head 0: cat gives most to {WORDS[order[0]][0]} (0.")
    assert state(page, "edges") == str((attention.weights[0, 0, 2] >= 0.5 / 255).sum())
    point_at(page, "column", 5)
    assert said(page).startswith("Layer 0, head 0: sat gets most from ")
    page.mouse.move(1, 1)
    assert (state(page, "row"), state(page, "column")) == ("", "")


def test_a_click_keeps_a_token_and_another_lets_it_go(open_page):
    page, attention = open_page("pair"), pair()
    kept = point_at(page, "row", 2)
    page.mouse.click(*kept)
    assert state(page, "locked") == "true"
    point_at(page, "column", 5)
    assert (state(page, "row"), state(page, "column")) == ("2", "5")
    assert said(page).startswith("Layer 0, head 0: cat → sat ")
    assert abs(float(state(page, "value")) - attention.weights[0, 0, 2, 5]) <= 1 / 510
    page.mouse.click(*kept)
    assert state(page, "locked") == "false"
    press(page, ".hft-canvas", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown")
    assert (state(page, "row"), state(page, "column")) == ("1", "1")
    press(page, ".hft-canvas", "Escape")
    assert state(page, "locked") == "false"


def test_special_tokens_and_texts_are_filtered_as_the_data_are(open_page):
    page, attention = open_page("pair"), pair()
    page.get_by_label("hide special tokens").check()
    assert (state(page, "rows"), state(page, "columns")) == ("4", "4")
    left = attention.without_special().weights[0, 0]
    assert state(page, "edges") == str((left >= 0.5 / 255).sum())
    page.get_by_label("Texts").select_option("0,1")
    between = attention.between(0, 1).weights[0, 0]
    assert (state(page, "rows"), state(page, "columns")) == tuple(map(str, between.shape))
    assert state(page, "edges") == str((between >= 0.5 / 255).sum())
    press(page, ".hft-canvas", "ArrowDown", "ArrowDown", "ArrowRight")
    assert said(page).startswith("Layer 0, head 0: cat → it ")


def test_weak_weights_are_hidden_from_lines_and_colours(open_page):
    page, attention = open_page("pair"), pair()
    darkest = "rgb(68, 1, 84)"
    before = colours(page)
    slide(page, 0.3)
    assert state(page, "edges") == str((np.rint(attention.weights[0, 0] * 255) >= 77).sum())
    assert page.locator("output").inner_text() == "0.30"
    assert colours(page)[darkest] > 1.2 * before[darkest]
    slide(page, 0)
    assert colours(page) == before


def slide(page, value):
    page.locator("input[type=range]").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')) }", value
    )


def colours(page):
    """How many pixels of the overview have each colour."""
    settle(page)
    return page.locator(".hft-overview").evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const counts = {};
          for (let at = 0; at < data.length; at += 4) {
            if (data[at + 3] === 255) {
              const colour = `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`;
              counts[colour] = (counts[colour] || 0) + 1;
            }
          }
          return counts;
        }"""
    )


def test_statistics_are_sorted_and_choose_a_head(open_page):
    page, attention = open_page("pair"), pair()
    page.click("summary")
    page.locator("th[data-name=entropy] button").click()
    assert page.locator("th[data-name=entropy]").get_attribute("aria-sort") == "descending"
    entropies = attention.statistics()["entropy"]
    shown = [float(text) for text in page.locator("tbody td:nth-child(3)").all_inner_texts()]
    assert shown == [float(f"{value:.3f}") for value in sorted(entropies.ravel().round(4), reverse=True)]
    layer, head = np.unravel_index(entropies.argmax(), entropies.shape)
    page.locator("tbody button").first.click()
    assert (state(page, "layer"), state(page, "head")) == (str(layer), str(head))
    assert page.locator("tr[aria-current]").count() == 1
    page.locator("th[data-name=entropy] button").click()
    assert page.locator("th[data-name=entropy]").get_attribute("aria-sort") == "ascending"
    assert [float(text) for text in page.locator("tbody td:nth-child(3)").all_inner_texts()] == shown[::-1]


def test_encoder_decoder_and_cross_attention_take_turns(open_page):
    page, attention = open_page("t5"), encoder_decoder()
    press(page, ".hft-overview", "End")
    assert (state(page, "part"), state(page, "layer"), state(page, "rows")) == ("encoder", "2", "4")
    page.get_by_role("button", name="cross", exact=True).click()
    assert (state(page, "part"), state(page, "layer")) == ("cross", "1"), "the decoder has fewer layers"
    assert (state(page, "rows"), state(page, "columns")) == ("3", "4")
    page.get_by_role("button", name="by token written").click()
    press(page, ".hft-canvas", "ArrowDown", "ArrowRight")
    assert said(page).startswith("Layer 1, head 1: 22 → Nov ")
    assert abs(float(state(page, "value")) - attention.cross.weights[1, 1, 0, 0]) <= 1 / 510
    assert not page.get_by_label("Texts").is_visible()


def test_what_a_causal_mask_hides_is_said_and_left_clear(open_page):
    page = open_page("t5")
    encoder = sum(colours(page).values())
    page.get_by_role("button", name="decoder", exact=True).click()
    page.click("[data-value=heat]")
    press(page, ".hft-canvas", "ArrowDown", "ArrowRight")
    assert said(page) == "Layer 0, head 0: <pad> → 22 comes later: the causal mask forbids it."
    assert state(page, "value") == "masked"
    assert sum(colours(page).values()) < encoder


def test_the_picture_is_saved_whole(open_page, tmp_path):
    page = open_page("pair")
    page.click("[data-value=heat]")
    press(page, ".hft-overview", "ArrowDown", "ArrowRight")
    settle(page)
    with page.expect_download() as saved:
        page.click(".hft-save")
    assert saved.value.suggested_filename == "attention_layer_1_head_1.png"
    picture = Image.open(io.BytesIO(saved.value.path().read_bytes())).convert("RGB")
    assert picture.getpixel((2, 2)) == (255, 255, 255)
    strongest = np.rint(pair().weights[1, 1].max() * 255).astype(int)
    viridis = bytes_of_viridis()[strongest]
    assert (np.asarray(picture) == viridis).all(axis=-1).sum() > 1000


def bytes_of_viridis():
    from hf_tutorial.attention.still import palette

    return np.frombuffer(palette(), np.uint8).reshape(256, 3)


def test_a_page_can_be_reloaded(open_page):
    page = open_page("pair")
    for _ in range(2):
        page.reload()
        page.wait_for_selector(".hft-app[data-rows]")
    assert page.locator(".hft-app").count() == 1


def test_long_texts_scroll_inside_and_stay_readable(browser, tmp_path):
    labels = plain_labels([f"token{n}" for n in range(200)])
    attention = replace(pair(labels), weights=soft(3, 4, 200, 200))
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(explore_attention(attention).save(tmp_path / "long.html").as_uri())
    page.wait_for_selector(".hft-app[data-rows]")
    assert page.evaluate("document.querySelectorAll('*').length") < 300
    assert page.locator(".hft-canvas").evaluate("canvas => canvas.height") < 2_000
    assert "only the 2,000 strongest lines of" in said(page)
    assert state(page, "edges") == "2000"
    press(page, ".hft-canvas", *["ArrowDown"] * 40)
    assert state(page, "row") == "39"
    assert page.locator(".hft-window").evaluate("pane => pane.scrollTop") > 300
    page.click("[data-value=heat]")
    page.get_by_label("whole map").uncheck()
    press(page, ".hft-canvas", *["ArrowRight"] * 40)
    assert page.locator(".hft-window").evaluate("pane => pane.scrollLeft") > 300
    # What is under the pointer is what is drawn there, also when scrolled.
    box = page.locator(".hft-canvas").bounding_box()
    page.keyboard.press("Escape")
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] - 3)
    assert int(state(page, "row")) > 30
    assert int(state(page, "column")) > 30
    page.close()
