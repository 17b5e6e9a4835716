"""The date translator's data: a day in two languages, and which days no weights of ours have seen.

Names and patterns are those of the Unicode CLDR in its formats full, long and medium, written down here so that what the
weights were taught never changes with a library; a test holds them to Babel. Whether one of the 73,049 days from 1900 to
2099 belongs to training is decided by a hash of the day, so all its languages and formats stand on the same side.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# As T5's prompts name them.
LANGUAGES = ("German", "French", "Romanian")
# CLDR's "short" has a year of two digits, which cannot be translated back.
FORMATS = ("full", "long", "medium")
YEARS = range(1900, 2100)
HELD_OUT_SHARE = 0.1
# The day that lessons and model card show is held out whatever its hash.
SHOWN = date(2026, 11, 22)

_PATTERNS = {
    "English": ("{weekday}, {month} {day}, {year}", "{month} {day}, {year}", "{short} {day}, {year}"),
    "German": ("{weekday}, {day}. {month} {year}", "{day}. {month} {year}", "{day:02}.{number:02}.{year}"),
    "French": ("{weekday} {day} {month} {year}", "{day} {month} {year}", "{day} {short} {year}"),
    "Romanian": ("{weekday}, {day} {month} {year}", "{day} {month} {year}", "{day} {short} {year}"),
}
_MONTHS = {
    "English": "January February March April May June July August September October November December",
    "German": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "Romanian": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
}
_SHORT_MONTHS = {
    "English": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "French": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "Romanian": "ian. feb. mar. apr. mai iun. iul. aug. sept. oct. nov. dec.",
}
_WEEKDAYS = {
    "English": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "German": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "French": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "Romanian": "luni marți miercuri joi vineri sâmbătă duminică",
}


@dataclass(frozen=True)
class Pair:
    """What the model reads, and what it is to write."""

    source: str
    target: str


def written(day: date, language: str, style: str) -> str:
    """Return `day` as English or one of `LANGUAGES` writes it in the format `style`.

    >>> written(date(2026, 11, 22), "French", "full")
    'dimanche 22 novembre 2026'
    """
    names = {"weekday": _WEEKDAYS[language].split()[day.weekday()], "month": _MONTHS[language].split()[day.month - 1]}
    if language in _SHORT_MONTHS:
        names["short"] = _SHORT_MONTHS[language].split()[day.month - 1]
    pattern = _PATTERNS[language][FORMATS.index(style)]
    return pattern.format(day=day.day, number=day.month, year=day.year, **names)


def prompt(language: str, text: str) -> str:
    """Return `text` behind T5's own prefix.

    >>> prompt("German", "November 22, 2026")
    'translate English to German: November 22, 2026'
    """
    return f"translate English to {language}: {text}"


def pair(day: date, language: str, style: str) -> Pair:
    """Return `day` in English and in `language`, both in the format `style`."""
    return Pair(prompt(language, written(day, "English", style)), written(day, language, style))


def formats_of(day: date) -> tuple[str, ...]:
    """Return the formats in which the English text tells what the translation is.

    "May 5, 2026" is English for both long and medium, which differ in German.
    """
    return FORMATS[:2] if day.month == 5 else FORMATS


def draw(days: Sequence[date], count: int, dice: random.Random) -> list[Pair]:
    """Return `count` pairs of random day, language and format."""
    drawn = []
    for _ in range(count):
        day = dice.choice(days)
        drawn.append(pair(day, dice.choice(LANGUAGES), dice.choice(formats_of(day))))
    return drawn


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
