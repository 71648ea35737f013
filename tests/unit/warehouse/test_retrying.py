"""Trying again is bounded, waits longer each time, and only for what may mend itself."""

import pytest

from lpe_reports.errors import SourceError, SourceGoneError
from lpe_reports.warehouse.retrying import BackOff, FailedTry, with_retries

pytestmark = pytest.mark.promise(
    "warehouse",
    "A server that is down, killed or cut at any moment gives a whole night or none",
)


def test_gone_source_is_tried_again_until_it_answers() -> None:
    """Each try knows its number; whoever listens is told before the next."""
    told: list[FailedTry] = []
    waited: list[float] = []

    def action(number: int) -> str:
        if number < 3:
            raise SourceGoneError("away")
        return f"read at try {number}"

    answer = with_retries(action, 4, told.append, sleep=waited.append)

    assert answer == "read at try 3"
    assert [(failed.number, failed.attempts) for failed in told] == [(1, 4), (2, 4)]
    assert [failed.wait_seconds for failed in told] == waited


def test_source_that_stays_away_is_told_with_the_number_of_tries() -> None:
    """And no further try is waited for."""
    waited: list[float] = []

    def action(number: int) -> None:
        raise SourceGoneError("away")

    with pytest.raises(SourceGoneError, match=r"^away \(tried 3 times\)$"):
        with_retries(action, 3, sleep=waited.append)

    assert len(waited) == 2


def test_single_try_says_nothing_of_tries() -> None:
    """`attempts: 1` in params."""

    def action(number: int) -> None:
        raise SourceGoneError("away")

    with pytest.raises(SourceGoneError, match=r"^away$"):
        with_retries(action, 1)


def test_what_no_try_can_mend_is_told_at_once() -> None:
    """A refused login, tried again, locks the account."""
    tries: list[int] = []

    def action(number: int) -> None:
        tries.append(number)
        raise SourceError("refused")

    with pytest.raises(SourceError, match=r"^refused$"):
        with_retries(action, 4)

    assert tries == [1]


def test_waits_double_up_to_the_longest_and_differ() -> None:
    """From about a second to at most half a minute, so that many do not come back at once."""
    back_off = BackOff()
    doubled = [min(2.0 ** (n - 1), 30.0) for n in range(1, 10)]

    waits = [[back_off.seconds(n) for n in range(1, 10)] for _ in range(20)]

    for some in waits:
        assert all(most / 2 <= wait <= most for wait, most in zip(some, doubled, strict=True))
    assert len({round(some[0], 6) for some in waits}) > 1
