"""Exercise checks: `check` says right, wrong and why, or not done yet, and never raises.

verdict      what `check` returns, as text and as HTML
registry     exercises by name; each lesson's checks are found when they are first asked for
personal     `seed_for`: the seed of an exercise that differs from student to student
answers      reading what a student hands in: lists, numbers, letters, and what is not done yet
calls        calling a student's function safely
tensors      comparing tensors within rounding, without importing torch
watching     what is called while a student's function runs, and with what
predictions  judging (label, probability) pairs
means        judging a mean over texts that came in batches
models       a model that a student hands in, the body of a checkpoint, and small models built in a moment
parts        an answer that has several parts: the first fault is named, and what is right counts
tracebacks   real tracebacks, from small programs that raise
lesson_NN    the checks of one lesson: they return what to say when the answer is right, and raise `Wrong` or `NotDone`
"""

from hf_tutorial.checks.personal import seed_for
from hf_tutorial.checks.registry import check
from hf_tutorial.checks.verdict import Verdict

__all__ = ["Verdict", "check", "seed_for"]
