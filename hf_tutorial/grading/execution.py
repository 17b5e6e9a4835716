"""Running one submission in its box, from outside: listening, watching its limits, and ending it."""

import contextlib
import selectors
import socket
import threading
import time
from dataclasses import dataclass, field

from hf_tutorial.grading import frames
from hf_tutorial.grading.box import Box, Boxes, started
from hf_tutorial.grading.conversation import Conversation, Finding
from hf_tutorial.grading.notebook import Notebook
from hf_tutorial.grading.reference import Reference
from hf_tutorial.grading.settings import MEGABYTE, MESSAGES_BYTES, PROCESSES
from hf_tutorial.grading.watchdog import memory_of, tree_of

_POLL = 0.25
_OVERHEAD = 4  # the process outside, the first one of the box, and what is just ending


@dataclass
class Execution:
    """What came of one submission."""

    findings: dict[str, Finding]
    failed: dict[int, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    seconds: float = 0.0


class GradingError(RuntimeError):
    """A submission could not be started, for a reason that is not its own."""


def execute(
    boxes: Boxes, notebook: Notebook, reference: Reference, student: str | None, stop: threading.Event
) -> Execution:
    """Run a submission and return what was found. Whatever it does ends here. `stop` ends it from outside."""
    begun = time.monotonic()
    talk = Conversation(reference, student)
    job = {
        "role": "submission",
        "notebook": notebook.bare(),
        "cells": notebook.cells,
        "preload": reference.modules,
        "own": reference.own,
        "data": reference.data_exercises(),
        "seed": None,
    }
    with started(boxes, **job) as box:
        stopped = _follow(boxes, box, talk, stop)
        if not talk.ready and not stopped:
            raise GradingError(box.last_errors() or "the process ended before the first cell")
    talk.end()
    remarks = [stopped] if stopped else [] if talk.done else ["its process ended before the last cell"]
    if talk.unknown:
        remarks.append(f"checks exercises that the solution does not have: {', '.join(sorted(talk.unknown))}")
    failed = {place: error for place, error in talk.failed.items() if _own_fault(notebook, place, reference)}
    return Execution(talk.findings, failed, remarks, talk.flags, time.monotonic() - begun)


def _own_fault(notebook: Notebook, place: int, reference: Reference) -> bool:
    """Say whether a cell that failed is not one that fails in the solution too."""
    return not 0 <= place < len(notebook.cells) or notebook.cells[place] not in reference.failing


def _follow(boxes: Boxes, box: Box, talk: Conversation, stop: threading.Event) -> str:
    """Listen until the submission is done or has to be stopped; return why it was stopped."""
    reader, end, look = frames.Reader(), time.monotonic() + boxes.limits.time, 0.0
    box.channel.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(box.channel, selectors.EVENT_READ)
        while not talk.done:
            if stop.is_set():
                raise GradingError("grading was stopped")
            ready = selector.select(_POLL)
            if ready and not _listen(box.channel, reader, talk):
                return ""
            if reader.received > MESSAGES_BYTES:
                return f"stopped: more than {MESSAGES_BYTES // MEGABYTE} MB of messages to the grader"
            if time.monotonic() > end:
                return f"stopped after {boxes.limits.time} s in all"
            if time.monotonic() > look:
                if reason := _too_much(boxes, box):
                    return reason
                look = time.monotonic() + _POLL
    return ""


def _listen(channel: socket.socket, reader: frames.Reader, talk: Conversation) -> bool:
    """Take what has arrived; return whether there may be more."""
    try:
        data = channel.recv(65_536)
        for message in reader.feed(data):
            if (reply := talk.take(message)) is not None:
                _send(channel, reply)
    except BlockingIOError:
        return True
    except frames.FrameError:
        talk.stray()
        return False
    except OSError:
        return False
    return bool(data)


def _send(channel: socket.socket, reply: dict[str, object]) -> None:
    """Reply within a second or two; a process that does not read its replies has lost them."""
    channel.settimeout(5)
    try:
        with contextlib.suppress(OSError):
            frames.send(channel, reply)
    finally:
        channel.setblocking(False)


def _too_much(boxes: Boxes, box: Box) -> str:
    """Return which limit a box exceeds at this moment, if any."""
    processes = tree_of(box.pid)
    if len(processes) > PROCESSES + _OVERHEAD:
        return f"stopped: more than {PROCESSES} processes at a time"
    limit = boxes.limits.memory * MEGABYTE
    if memory_of(processes, limit) > limit:
        return f"stopped: more than {boxes.limits.memory} MB of memory"
    return ""
