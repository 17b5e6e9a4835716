"""Pages: escaped, complete, and written whole."""

import pytest
from html_reading import Reading
from tiny_tokenizers import word_piece

from hf_tutorial.errors import InputError
from hf_tutorial.page import escape, page, write_page
from hf_tutorial.tokens import compare_tokenizers, inspect_tokens


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<a b=\"c\" d='e'>&", "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;"),
        ("\x00\x1b\x7f\x85\ud800", "␀␛␡��"),
        ("a\n\tb", "a\n\tb"),
        (3, "3"),
    ],
)
def test_escape(text, escaped):
    assert escape(text) == escaped


def test_a_page_is_complete():
    document = page("<title>", "<p>body</p>", "p { margin: 0 }")
    assert document.startswith('<!DOCTYPE html>\n<html lang="en">')
    for part in (
        'charset="utf-8"',
        'name="viewport"',
        "&lt;title&gt;",
        "prefers-color-scheme: dark",
        "p { margin: 0 }",
    ):
        assert part in document
    assert "<script" not in document
    Reading(document)


def test_a_page_allows_one_script_and_no_other():
    document = page("t", "", script="let x = 1")
    assert "<script>let x = 1</script>" in document
    assert "script-src 'sha256-" in document
    assert "script-src 'none'" in page("t", "")


@pytest.mark.parametrize("parts", [{"css": "</STYLE>"}, {"script": "'</script>'"}])
def test_what_would_end_its_own_element_is_refused(parts):
    with pytest.raises(InputError, match="must not contain their own closing tag"):
        page("t", "", **parts)


def test_saving_writes_the_page_and_nothing_else(tmp_path):
    path = inspect_tokens(word_piece(), "hello").save(tmp_path / "tokens.html")
    assert path == tmp_path / "tokens.html"
    assert [file.name for file in tmp_path.iterdir()] == ["tokens.html"]
    first = path.read_bytes()
    assert inspect_tokens(word_piece(), "hello").save(str(path)).read_bytes() == first
    assert "Hello" not in Reading(first.decode()).text
    assert "[CLS]" in Reading(compare_tokenizers({"a": word_piece()}, "[CLS]").save(path).read_text("utf-8")).text


def test_a_write_that_fails_leaves_the_old_page(tmp_path):
    path = write_page(tmp_path / "page.html", "old")
    with pytest.raises(UnicodeEncodeError):
        write_page(path, "new \ud800")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match=r"missing does not exist\. Make it first"):
        write_page(tmp_path / "missing" / "page.html", "")
