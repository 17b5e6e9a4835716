import gc

import pytest
import torch

from hf_tutorial import check


def short_of_memory(error):
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)


def halving(
    *,
    catch=RuntimeError,
    memory=short_of_memory,
    smallest=1,
    end=lambda: RuntimeError("Not even a batch of 1 fits."),
    collect=True,
    half=lambda size: size // 2,
    hold=False,
    changed=False,
    chained=True,
):
    """Return a `largest_batch_size`, right unless an argument makes it wrong."""

    def largest_batch_size(step, start):
        size, held = start, []
        while True:
            ended = False
            try:
                step(size)
                return size
            except catch as error:
                if not memory(error):
                    raise ValueError(str(error)) if changed else error from None
                if hold:
                    held.append(error)
                if size <= smallest:
                    if chained:
                        raise end() from error
                    ended = True
            if ended:
                raise end()
            size = half(size)
            if collect:
                gc.collect()

    return largest_batch_size


def test_right_halving():
    assert check("15.5", halving()).outcome == "right"
    assert check("15.5", halving(end=lambda: MemoryError("A single text is too much."))).outcome == "right"


def never_trying(step, start):
    return start


def recursive(step, start):
    try:
        step(start)
        return start
    except RuntimeError as error:
        if not short_of_memory(error):
            raise
        if start == 1:
            raise RuntimeError("A batch of 1 does not fit.") from error
        gc.collect()
        return recursive(step, start // 2)


def giving_up(step, start):
    try:
        return halving()(step, start)
    except RuntimeError as error:
        if "batch of 1" in str(error):
            return 0
        raise


def leaving(step, start):
    try:
        return halving()(step, start)
    except RuntimeError as error:
        if "batch of 1" in str(error):
            raise SystemExit("Not even a batch of 1 fits.") from error
        raise


def catching_all(step, start):
    try:
        step(start)
        return start
    except:  # noqa: E722
        gc.collect()
    if start == 1:
        raise RuntimeError("Not even a batch of 1 fits.")
    return catching_all(step, start // 2)


@pytest.mark.parametrize(
    ("answer", "diagnosis", "credit"),
    [
        (never_trying, "`step` is never called", 0),
        (lambda step, start: step(start) or start, "catch it, and try half the size", 0),
        (lambda step, start: [][0], "IndexError comes out. It says: 'list index out of range'", 0),
        (lambda step, start: [][halving()(step, start)], "The step was called with [8].", 0),
        (lambda step, start: halving()(step, start) and None, "and returned nothing", 0),
        (lambda step, start: halving()(step, start) // 2, "and returned 4. The largest of 8, 4, 2, 1", 0),
        (halving(half=lambda size: size / 2), "A batch size is a whole number", 0),
        (halving(half=lambda size: size // 4), "The largest of 64, 32, 16, 8, 4, 2, 1 that fits is 8", 0),
        (halving(half=lambda size: size), "would never end", 0),
        (halving(memory=lambda error: True), "It catches every `RuntimeError`: after `RuntimeError: mat1", 0.8),
        (halving(catch=Exception, memory=lambda error: True), "It catches every `Exception`", 0.8),
        (halving(memory=lambda error: "CUDA" in str(error)), "It catches every error of CUDA", 0.6),
        (halving(catch=Exception), "It catches every error with such a text", 0.8),
        (catching_all, "It catches every `Exception`", 0.4),
        (halving(changed=True), "should come out as it was raised", 0.8),
        (halving(catch=torch.OutOfMemoryError), "older versions and other devices raise it", 0.8),
        (halving(memory=lambda error: "CUDA out of memory" in str(error)), "`RuntimeError: CUDA error: out of", 0.8),
        (halving(smallest=-1), "after 1 there is nothing left to try", 0.8),
        (halving(smallest=2), "it should try 4, 2 and 1, but tries [4, 2]", 0.8),
        (halving(end=lambda: RuntimeError("No.")), "in words of its own: a batch of 1 does not fit", 0.8),
        (halving(end=lambda: RuntimeError("CUDA out of memory at 1")), "in words of its own", 0.8),
        (halving(chained=False), "has lost its cause", 0.8),
        (giving_up, "an error should say so. Instead: 0 is returned", 0.8),
        (leaving, "an error should say so. Instead: SystemExit", 0.8),
        (recursive, "Try again *after* the `except` block", 0.8),
        (halving(hold=True), "keep the exception in no variable", 0.8),
        (halving(collect=False), "Call `gc.collect()` before the next try", 0.8),
        (3, "Hand over the function itself", 0),
    ],
)
def test_wrong_halving(answer, diagnosis, credit):
    verdict = check("15.5", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
    assert verdict.credit == pytest.approx(credit)


def test_the_stop_button_works_in_the_check_and_is_tried_by_it():
    def pressed(step, start):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("15.5", pressed)

    def deaf(step, start):
        try:
            return halving()(step, start)
        except KeyboardInterrupt:
            return 1

    assert "`KeyboardInterrupt` should come out" in check("15.5", deaf).message


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(enabled):
    before = gc.isenabled()
    try:
        gc.enable() if enabled else gc.disable()
        check("15.5", halving())
        assert gc.isenabled() == enabled
        assert gc.get_freeze_count() == 0
    finally:
        gc.enable() if before else gc.disable()
