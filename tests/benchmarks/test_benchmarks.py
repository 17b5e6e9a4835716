"""The benchmark's own machinery: limits that hold, hashes that are checked, ratios that are right. No times."""

import sys
import time

import pytest

from benchmarks import worker
from benchmarks.attention import cases, libraries, run, table
from benchmarks.markdown import bytes_of, seconds, times


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Return a function that turns code into a module for `worker.measure`, and gives its name."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def write(code):
        (tmp_path / "measured.py").write_text(code, encoding="utf-8")
        return "measured"

    return write


def test_a_measurement_comes_back_from_its_last_line(module):
    name = module("import sys; print('noise'); print('{\"words\": \"%s\"}' % sys.argv[1])")
    assert worker.measure(name, "a b", limit=60) == {"words": "a b"}


def test_a_case_that_hangs_is_ended_with_its_children(module, tmp_path):
    child = f"import time; time.sleep(2); open({str(tmp_path / 'alive')!r}, 'w')"
    name = module(f"import subprocess; subprocess.run([{sys.executable!r}, '-c', {child!r}])")
    assert worker.measure(name, limit=1.5) == {"failed": "over 2 s"}
    time.sleep(1.5)
    assert not (tmp_path / "alive").exists()


def test_a_case_that_fails_says_why(module):
    assert worker.measure(module("raise SystemExit('no such tool')"), limit=60) == {"failed": "no such tool"}


def test_a_library_with_another_hash_is_refused():
    with pytest.raises(libraries.LibrariesMissingError, match=r"d3@5\.7\.0 has another hash"):
        libraries._unpack(b"another archive", libraries.LIBRARIES[1])


def test_the_same_attention_for_everybody():
    attention = cases.synthetic(2, 3, 16)
    assert attention.weights.shape == (2, 3, 16, 16)
    assert attention.weights.sum(axis=-1) == pytest.approx(1)
    assert (attention.weights == cases.synthetic(2, 3, 16).weights).all()


def test_quick_leaves_out_the_long_cases_and_keeps_ours():
    quick = cases.cases(cases.PAGES, quick=True)
    assert {case.tokens for case in quick if case.tool == "CircuitsVis"} == {16}
    assert {case.tokens for case in quick if case.tool == "explore_attention"} == {16, 64, 128}
    every = cases.cases(cases.PAGES, quick=False)
    assert {(case.layers, case.tokens) for case in every if case.tool == "CircuitsVis"} == {
        (6, 16),
        (12, 16),
        (12, 64),
        (12, 128),
    }


def test_a_page_that_was_too_slow_is_not_opened_with_more_tokens():
    rows = [
        {"tool": "BertViz model_view", "layers": 12, "tokens": 64, "browser": {"main_thread_seconds": 27.8}},
        {"tool": "CircuitsVis", "layers": 12, "tokens": 64, "browser": {"failed": "over 400 s"}},
        {"tool": "inspectus", "layers": 12, "tokens": 64, "browser": {"main_thread_seconds": 1.0}},
    ]
    said = [run.slower_than_anybody_waits(cases.Case(row["tool"], 12, 128), rows) for row in rows]
    assert said == ["not tried: 28 s at 64 tokens", "not tried: over 400 s at 64 tokens", ""]


@pytest.mark.parametrize(("value", "shown"), [(0.0123, "0.012 s"), (1.25, "1.2 s"), (27.8, "28 s"), (0.4, "0.4 s")])
def test_seconds_have_two_digits(value, shown):
    assert seconds(value) == shown


def test_bytes_and_ratios():
    assert (bytes_of(34_224), bytes_of(26_493_119)) == ("34 kB", "26.5 MB")
    assert (times(2.0, 0.5, False), times(0.25, 0.5, False), times(50.0, 0.5, False)) == (
        " (4.0×)",
        " (0.5×)",
        " (100×)",
    )
    assert times(2.0, None, False) == times(2.0, 2.0, True) == ""


def test_every_figure_of_a_peer_has_its_ratio_and_a_failure_its_reason():
    size = {"layers": 12, "tokens": 16}
    ours = {"elements": 80, "main_thread_seconds": 0.3, "first_paint_seconds": 0.2, "requests": 0, "share_drawn": 0.4}
    blank = {**ours, "elements": 8, "first_paint_seconds": None, "requests": 3, "share_drawn": 0.0004}
    rows = [
        {**size, "tool": "explore_attention", "bytes": 100_000, "cpu_seconds": 0.01, "browser": ours},
        {**size, "tool": "inspectus", "bytes": 500_000, "cpu_seconds": 0.005, "browser": blank},
        {**size, "tool": "CircuitsVis", "bytes": 2_000_000, "cpu_seconds": 0.1, "browser": {"failed": "over 150 s"}},
        {**size, "tool": "BertViz head_view", "failed": "out of memory"},
    ]
    lines = table.pages(rows).splitlines()[2:]
    assert lines == [
        "| 12 × 12 × 16: explore_attention | 100 kB | 0.01 s | 80 | 0.3 s | 0.2 s | 0 | seen |",
        "| 12 × 12 × 16: inspectus | 500 kB (5.0×) | 0.005 s (0.5×) | 8 (0.1×) | 0.3 s (1.0×) | – | 3 | blank |",
        "| 12 × 12 × 16: CircuitsVis | 2.0 MB (20×) | 0.1 s (10×) | – | – | – | over 150 s | over 150 s |",
        "| 12 × 12 × 16: BertViz head_view | – | – | – | – | – | out of memory | out of memory |",
    ]
