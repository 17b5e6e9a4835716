"""Tokens that a figure or a page may stumble over."""

AWKWARD = [
    "</script><img src=x onerror=alert(1)>",
    "$x$",
    "مرحبا",
    "שלום",
    "😀",
    "🦙",
    "不客气",
    "x" * 60,
    "a\nb",
    "e\u0301",
]
