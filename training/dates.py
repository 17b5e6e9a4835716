"""Dates and their translations: the data of `training.t5_dates`, made from Babel's copy of the Unicode CLDR.

A day of the 73,049 from 1900 to 2099 is written in English and in the target language, in the same format. Whether it
belongs to training is decided by a hash of the day, so all its languages and formats stand on the same side.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

# Language as T5's prompts name it, and CLDR's locale.
LOCALES = {"German": "de", "French": "fr", "Romanian": "ro"}
# CLDR's "short" has a year of two digits, which cannot be translated back.
FORMATS = ("full", "long", "medium")
YEARS = range(1900, 2100)
HELD_OUT_SHARE = 0.1
# The day that lessons and model card show is held out whatever its hash.
SHOWN = date(2026, 11, 22)


@dataclass(frozen=True)
class Pair:
    """What the model reads, and what it is to write."""

    source: str
    target: str


def prompt(language: str, text: str) -> str:
    """Return `text` behind T5's own prefix.

    >>> prompt("German", "November 22, 2026")
    'translate English to German: November 22, 2026'
    """
    return f"translate English to {language}: {text}"


def pair(day: date, language: str, style: str) -> Pair:
    """Return `day` in English and in `language`, both in CLDR's format `style`."""
    return Pair(prompt(language, format_date(day, style, "en")), format_date(day, style, LOCALES[language]))


def formats_of(day: date) -> tuple[str, ...]:
    """Return the formats in which the English text tells what the translation is.

    "May 5, 2026" is English for both long and medium, which differ in German.
    """
    return FORMATS[:2] if day.month == 5 else FORMATS


def is_held_out(day: date) -> bool:
    """Say whether `day` is kept from training, in every language and format."""
    digest = hashlib.sha256(day.isoformat().encode()).hexdigest()
    return int(digest[:16], 16) < HELD_OUT_SHARE * 16**16 or day == SHOWN


def days(years: range = YEARS) -> Iterator[date]:
    """Yield every day of `years`, in order."""
    day = date(years.start, 1, 1)
    while day.year < years.stop:
        yield day
        day += timedelta(days=1)


def split_days() -> dict[str, list[date]]:
    """Return {"train": …, "held_out": …}."""
    sides: dict[str, list[date]] = {"train": [], "held_out": []}
    for day in days():
        sides["held_out" if is_held_out(day) else "train"].append(day)
    return sides
