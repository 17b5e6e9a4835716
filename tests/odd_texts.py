"""Texts that something may stumble over, as Hypothesis strategies, and how many of them to try.

Surrogates are left out, since no file and no tokenizer takes them; what does take one has a test of its own.
"""

import os

from hypothesis import strategies as st

# Many in CI, enough to notice a mistake elsewhere.
MANY = 500 if "CI" in os.environ else 50

# What ends or opens something in HTML, in a script, in a comment, in Markdown and in TOML.
MARKUP = (
    "</script>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?php",
    "</style>",
    "</title>",
    "</div></td></p></main>",
    "<svg/onload=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "&lt;b&gt;",
    "&amp;",
    "&#0;",
    "&#x3c;script&#x3e;",
    "&notit;",
    "&",
    "<",
    ">",
    '"',
    "'",
    "`",
    "``",
    "`a` <b>`",
    "\\",
    "$x$",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "[a](javascript:alert(1))",
    "![a](https://example.org/a.png)",
    "<javascript:alert(1)>",
    "https://example.org/",
)

# What Unicode has in store: line ends of every kind, marks that join, turn round or hide, halves of pairs of letters.
CHARACTERS = (
    "\x00",
    "\x07",
    "\x0b",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\r",
    "\r\n",
    "\n",
    "\t",
    " ",
    "\u00a0",
    "\u00ad",
    "\u0301",
    "e\u0301\u0323",
    "\u034f",
    "\u1680",
    "\u180e",
    "\u2003",
    "\u200b",
    "\u200d",
    "\u200e",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u3000",
    "\ufe0f",
    "\ufeff",
    "\ufffd",
    "\uffff",
    "\U000e0041",
    "\U0010ffff",
    "مرحبا",
    "שלום",
    "हिन्दी",
    "한국어",
    "日本語",
    "ﬁ",
    "İ",
    "ß",
    "🤗",
    "👩‍👩‍👧‍👦",
    "🇫🇷",
    "👍🏽",
    "⟨F0 9F⟩",
    "␣",
)

# What tokenizers know.
PIECES = (
    "hello",
    "wor",
    "huggingface",
    " world",
    "##ing",
    "▁",
    "Ġ",
    "[MASK]",
    "[UNK]",
    "[PAD]",
    "<s>",
    "</s>",
    "<|end|>",
    "<0xF0>",
    "x" * 300,
    "é" * 90,
)


def _joined(pieces: tuple[str, ...], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=most).map("".join)


# Any text; text of what is dangerous to somebody; the same between words.
TEXTS = st.one_of(
    st.text(max_size=40),
    _joined(MARKUP + CHARACTERS, 8),
    _joined(MARKUP + CHARACTERS + PIECES, 12),
    st.lists(st.text(max_size=8) | st.sampled_from(MARKUP + CHARACTERS + PIECES), max_size=8).map(" ".join),
)
