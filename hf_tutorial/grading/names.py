"""Who sent a file, by its name: as Canvas and Moodle name what they hand out, or plainly."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

# lastnamefirstname_[LATE_]userid_submissionid_originalname[-N].ipynb
_CANVAS = re.compile(
    r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<user>\d+)_\d+_(?P<file>.+?)(?:-(?P<number>\d+))?", re.DOTALL
)
# First Last_1234567_assignsubmission_file_[/]name.ipynb
_MOODLE = re.compile(r"(?P<name>.+)_(?P<user>\d+)_assignsubmission_\w+?_(?P<file>.*)", re.DOTALL)
_COPY = re.compile(r"\s*\(\d+\)$|-(?:checkpoint|copy\d*)$", re.IGNORECASE)


@dataclass(frozen=True)
class Sender:
    """What a name says: the name as it stands, a number that the platform gave, late or not, which of several."""

    name: str
    number: str = ""
    late: bool = False
    version: int = 0
    file: str = ""


def sender_of(path: PurePath) -> Sender:
    """Read the path of a submission, relative to the folder of all.

    >>> sender_of(PurePath("lovelaceada_LATE_77_1234_lesson-2.ipynb"))
    Sender(name='lovelaceada', number='77', late=True, version=2, file='lesson')
    >>> sender_of(PurePath("Ada Lovelace_7654321_assignsubmission_file_/lesson.ipynb")).name
    'Ada Lovelace'
    >>> sender_of(PurePath("ada/lesson.ipynb")).name
    'ada'
    """
    if found := _MOODLE.fullmatch(str(path.with_suffix(""))):
        return Sender(found["name"].replace("/", " ").strip(), found["user"], file=found["file"].lstrip("/"))
    if found := _CANVAS.fullmatch(path.stem):
        version = int(found["number"] or 0)
        return Sender(found["name"], found["user"], bool(found["late"]), version, found["file"])
    if len(path.parts) > 1:
        return Sender(path.parts[0].strip(), file=path.stem)
    return Sender(_COPY.sub("", path.stem).strip(), file=path.stem)


def plain(text: str) -> str:
    """Return letters and digits alone, without accents and in lower case, to compare names.

    >>> plain("Noël, Zoë-Marie")
    'noelzoemarie'
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in letters if sign.isalnum())


def forms(name: str) -> set[str]:
    """Return the ways in which a name may be written together: with the family name first, or last.

    >>> sorted(forms("Lovelace, Ada"))
    ['adalovelace', 'lovelaceada']
    """
    if "," in name:
        family, _, given = name.partition(",")
        return {plain(family + given), plain(given + family)}
    words = name.split()
    return {plain("".join(words[cut:] + words[:cut])) for cut in range(len(words) or 1)} - {""}
