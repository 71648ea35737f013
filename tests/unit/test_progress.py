"""The time that is left: right where parts take unequally long and run side by side."""

import pytest

from lpe_reports.progress import TimeLeft


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _work(left: TimeLeft, clock: _Clock, part: str, seconds: float) -> None:
    left.begin(part)
    clock.now += seconds
    left.end(part)


def test_nothing_is_known_before_the_first_part_is_done() -> None:
    """No number rather than a wrong one."""
    assert TimeLeft({"a": "short"}, {"short": 1.0}, _Clock()).seconds() is None


def test_parts_that_nobody_has_timed_take_the_mean_of_today() -> None:
    """Two of four done in 6 s: 6 s more."""
    clock = _Clock()
    left = TimeLeft(dict.fromkeys("abcd", "new"), {}, clock)
    _work(left, clock, "a", 2)
    _work(left, clock, "b", 4)

    assert left.seconds() == pytest.approx(6)


def test_long_parts_that_come_last_are_counted_as_long() -> None:
    """Nine short ones done in 9 s: the one that takes two minutes is still to come."""
    clock = _Clock()
    parts = {f"short-{number}": "short" for number in range(9)} | {"long": "long"}
    left = TimeLeft(parts, {"short": 1.0, "long": 120.0}, clock)
    for number in range(9):
        _work(left, clock, f"short-{number}", 1)

    assert left.seconds() == pytest.approx(120)


def test_a_slow_day_is_slow_for_what_is_to_come() -> None:
    """Twice as long as before so far, so twice as long from now on."""
    clock = _Clock()
    left = TimeLeft({"a": "short", "b": "long"}, {"short": 1.0, "long": 30.0}, clock)
    _work(left, clock, "a", 2)

    assert left.seconds() == pytest.approx(60)


def test_parts_side_by_side_take_half_as_long() -> None:
    """Two at a time: four more of 10 s each take 20 s."""
    clock = _Clock()
    left = TimeLeft(dict.fromkeys("abcdef", "new"), {}, clock)
    left.begin("a")
    left.begin("b")
    clock.now += 10
    left.end("a")
    left.end("b")

    assert left.seconds() == pytest.approx(20)


def test_it_takes_as_long_as_the_longest_that_runs() -> None:
    """However much else is done beside it."""
    clock = _Clock()
    parts = {"long": "long", "a": "short", "b": "short"}
    left = TimeLeft(parts, {"long": 60.0, "short": 5.0}, clock)
    left.begin("long")
    _work(left, clock, "a", 5)
    _work(left, clock, "b", 5)

    assert left.seconds() == pytest.approx(50)


def test_it_is_never_less_than_nothing() -> None:
    """A part that takes longer than expected is as good as done."""
    clock = _Clock()
    left = TimeLeft({"a": "short", "b": "short"}, {"short": 1.0}, clock)
    _work(left, clock, "a", 1)
    left.begin("b")
    clock.now += 50

    assert left.seconds() == 0
