"""Requests for an appointment, and what they say as JSON: the data of lesson 13 and of `hf-tutorial/appointments`.

A request names a person, a day and a time; the answer has the three as JSON, the time on the 24-hour clock. Wordings,
names and a quarter of the times are kept for the held-out side, so that an answer there cannot be a memory.
"""

import json
import random
from dataclasses import dataclass
from typing import Literal

Side = Literal["train", "held_out"]

SYSTEM = "Turn the request into JSON: who, day, time (HH:MM, 24-hour clock)."
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NAMES: dict[Side, tuple[str, ...]] = {
    "train": (
        *("Anna", "Ben", "Carla", "David", "Elif", "Emma", "Farid", "Grace", "Hugo", "Ines", "Jack", "Kofi", "Lena"),
        *("Leo", "Lucas", "Maria", "Mia", "Noah", "Olga", "Omar", "Paul", "Priya", "Rosa", "Samir", "Tom", "Uma"),
        *("Vera", "Wei", "Yusuf", "Zoe"),
    ),
    "held_out": (
        *("Amina", "Bruno", "Clara", "Diego", "Eva", "Felix", "Hana", "Ivan", "Julia", "Karim", "Lucia", "Max"),
        *("Nora", "Peter", "Sofia"),
    ),
}
WORDINGS: dict[Side, tuple[str, ...]] = {
    "train": (
        "Please book a meeting with {who} on {day} at {time}.",
        "Can you put me down for lunch with {who} on {day}, {time}?",
        "I want to see {who} on {day} at {time}.",
        "{day} at {time} with {who}, please.",
        "Could we make it {time} on {day}? It is for {who}.",
        "Let {who} know that I am coming on {day} at {time}.",
        "Set up a call with {who}: {day}, {time}.",
        "I promised {who} to phone at {time} on {day}.",
        "Dinner with {who} at {time}, {day}.",
        "{who} has time on {day} at {time}, so reserve that.",
        "Plan an interview for {day} at {time}; the guest is {who}.",
        "Remind me to pick up {who} at {time} on {day}.",
    ),
    "held_out": (
        "We agreed on {day} at {time}, {who} and I.",
        "Make an appointment with {who} for {time} on {day}.",
        "At {time} on {day} I have to be at the station to meet {who}.",
        "Is {day} at {time} still free? {who} would like to come.",
        "Write down that {who} visits us on {day}, {time}.",
        "Coffee on {day} with {who} at {time}?",
    ),
}
_HOURS = ("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
# From seven in the morning to a quarter to ten in the evening, in quarters of an hour.
TIMES = tuple((hour, minute) for hour in range(7, 22) for minute in (0, 15, 30, 45))
# One quarter of each hour is held out: 8:00, 9:15, 10:30, 11:45, 12:00 and so on.
_HELD_OUT_TIMES = frozenset((hour, minute) for hour, minute in TIMES if minute == 15 * (hour % 4))


@dataclass(frozen=True)
class Appointment:
    """A request in words, and the three things that it says; `time` is HH:MM."""

    request: str
    who: str
    day: str
    time: str

    @property
    def answer(self) -> str:
        """The three as one line of JSON."""
        return json.dumps({"who": self.who, "day": self.day, "time": self.time})

    @property
    def messages(self) -> list[dict[str, str]]:
        """The conversation as a chat template takes it: system, user and assistant."""
        return [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": self.request},
            {"role": "assistant", "content": self.answer},
        ]


def draw_appointments(side: Side, count: int, seed: int) -> list[Appointment]:
    """Return `count` appointments of that side, "train" or "held_out"; the same for the same seed.

    The held-out side has names, wordings and times that the other never has.
    """
    chance = random.Random(f"{side} {seed}")
    times = [time for time in TIMES if (time in _HELD_OUT_TIMES) == (side == "held_out")]
    return [_draw(chance, side, times) for _ in range(count)]


def _draw(chance: random.Random, side: Side, times: list[tuple[int, int]]) -> Appointment:
    who, day, (hour, minute) = chance.choice(NAMES[side]), chance.choice(DAYS), chance.choice(times)
    spoken = chance.choice((_in_words, _in_figures))(hour, minute)
    request = chance.choice(WORDINGS[side]).format(who=who, day=day, time=spoken)
    return Appointment(request[0].upper() + request[1:], who, day, f"{hour:02}:{minute:02}")


def _in_figures(hour: int, minute: int) -> str:
    """Return, say, "3:15 pm" or "9 am"."""
    minutes = f":{minute:02}" if minute else ""
    return f"{(hour - 1) % 12 + 1}{minutes} {'am' if hour < 12 else 'pm'}"


def _in_words(hour: int, minute: int) -> str:
    """Return, say, "half past eight in the evening" or "nine forty-five in the morning"."""
    part = "in the morning" if hour < 12 else "in the afternoon" if hour < 18 else "in the evening"
    spoken = {0: "{}", 15: "quarter past {}", 30: "half past {}", 45: "{} forty-five"}[minute]
    return f"{spoken.format(_HOURS[hour % 12])} {part}"
