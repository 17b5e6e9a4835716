"""How well `hf-tutorial/t5-dates` does on days that it has not seen, and on inputs that it was not made for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

import torch
from babel.dates import format_date

from hf_tutorial.sources.dates import FORMATS, LANGUAGES, YEARS, Pair, formats_of, pair, prompt

Figure = dict[str, float | int]
LOCALES = {"English": "en", "German": "de", "French": "fr", "Romanian": "ro"}
# Days that no year has, as (month, day).
IMPOSSIBLE = ((2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31))
DAYS_FOR_LIMITS = 200


def spread(days: Sequence[date], count: int) -> list[date]:
    """Return `count` days that lie evenly in `days`."""
    return [days[number * len(days) // count] for number in range(count)]


@torch.no_grad()
def translate(model, tokenizer, texts: Sequence[str], batch_size: int = 512) -> list[str]:
    """Return what the model makes of each text."""
    answers = []
    for start in range(0, len(texts), batch_size):
        inputs = tokenizer(list(texts[start : start + batch_size]), padding=True, return_tensors="pt")
        answers += tokenizer.batch_decode(model.generate(**inputs), skip_special_tokens=True)
    return answers


def exact(model, tokenizer, name: str, pairs: Iterable[Pair]) -> Figure:
    """Return how many per cent of the targets the model writes character for character, and of how many."""
    pairs = list(pairs)
    answers = translate(model, tokenizer, [each.source for each in pairs])
    wrong = [(each, answer) for each, answer in zip(pairs, answers, strict=True) if answer != each.target]
    figure = {"exact": round(100 * (len(pairs) - len(wrong)) / len(pairs), 2), "texts": len(pairs)}
    print(f"{name}: {figure['exact']} % of {figure['texts']}", flush=True)
    if wrong:
        print(f"    {wrong[0][0].source!r} became {wrong[0][1]!r}", flush=True)
    return figure


def held_out_figures(model, tokenizer, days: Sequence[date]) -> dict[str, dict[str, Figure]]:
    """Return the figure of every language and format."""
    return {
        language: {
            style: exact(
                model,
                tokenizer,
                f"{language}, {style}",
                [pair(day, language, style) for day in days if style in formats_of(day)],
            )
            for style in FORMATS
        }
        for language in LANGUAGES
    }


def limit_figures(model, tokenizer, days: Sequence[date]) -> dict[str, Figure]:
    """Return the figure of every kind of input that training did not have."""
    asked = [(day, language) for day in days for language in LANGUAGES]
    return {
        name: exact(model, tokenizer, name, [each for day, language in asked for each in made(day, language)])
        for name, made in LIMITS.items()
    }


def _reworded(reword: Callable[[date], str]) -> Callable[[date, str], Iterator[Pair]]:
    """Return a limit in which the English text is `reword(day)` and the answer the one in long format."""
    return lambda day, language: iter([Pair(prompt(language, reword(day)), pair(day, language, "long").target)])


def _other_century(years: int) -> Callable[[date, str], Iterator[Pair]]:
    """Return a limit that moves a day by so many years, if that leaves the years of training."""

    def moved(day: date, language: str) -> Iterator[Pair]:
        year = day.year + years
        # 1800, 2100 and 2200 are no leap years.
        if year not in YEARS and (day.month, day.day) != (2, 29):
            yield pair(day.replace(year=year), language, "long")

    return moved


def _impossible(day: date, language: str) -> Iterator[Pair]:
    """Yield days that the calendar lacks; the faithful answer has the same number and month."""
    for month, number in IMPOSSIBLE:
        first = pair(date(day.year, month, 1), language, "long")
        yield Pair(first.source.replace(" 1,", f" {number},"), first.target.replace("1", str(number), 1))


def _wrong_weekday(day: date, language: str) -> Iterator[Pair]:
    """Yield the day with the next day's weekday; the faithful answer has that weekday too."""
    right = pair(day, language, "full")
    texts = []
    for text, of in ((right.source, "English"), (right.target, language)):
        ours, next_one = (format_date(each, "EEEE", LOCALES[of]) for each in (day, day + timedelta(days=1)))
        texts.append(text.replace(ours, next_one))
    yield Pair(*texts)


# Each makes pairs of a day and a language.
LIMITS: dict[str, Callable[[date, str], Iterator[Pair]]] = {
    "a century before": _other_century(-100),
    "a century after": _other_century(100),
    "lower case": _reworded(lambda day: format_date(day, "long", "en").lower()),
    "no comma": _reworded(lambda day: format_date(day, "MMMM d y", "en")),
    "day first": _reworded(lambda day: format_date(day, "d MMMM y", "en")),
    "slashes": _reworded(lambda day: format_date(day, "MM/dd/y", "en")),
    "impossible day": _impossible,
    "wrong weekday": _wrong_weekday,
}
