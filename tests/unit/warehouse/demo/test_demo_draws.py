"""Random numbers by number and purpose: the same for one whoever else is asked for."""

import numpy as np
import pytest

from lpe_reports.warehouse.demo.draws import normal, uniform

NUMBERS = np.arange(1, 100_001)


def test_numbers_do_not_depend_on_who_else_is_asked_for() -> None:
    """One person's number is theirs, in any company."""
    some = NUMBERS[[5, 70_000, 17]]

    assert (uniform(1, "a", some) == uniform(1, "a", NUMBERS)[some - 1]).all()


@pytest.mark.parametrize("other", [(2, "a"), (1, "b")])
def test_another_seed_or_purpose_gives_others(other: tuple[int, str]) -> None:
    """They have nothing to do with each other."""
    one, two = uniform(1, "a", NUMBERS), uniform(*other, NUMBERS)

    assert abs(np.corrcoef(one, two)[0, 1]) < 0.02


def test_numbers_are_spread_evenly() -> None:
    """Between 0 and 1, none of them either; a tenth in every tenth; neighbours unlike."""
    drawn = uniform(20260511, "spread", NUMBERS)

    assert drawn.min() > 0 and drawn.max() < 1
    assert np.histogram(drawn, 10, (0, 1))[0] == pytest.approx(10_000, rel=0.05)
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.02


def test_normal_numbers_are_normal() -> None:
    """Mean 0, spread 1, and 2.5 per cent beyond 1.96 on either side."""
    drawn = normal(20260511, "normal", NUMBERS)

    assert abs(drawn.mean()) < 0.02 and drawn.std() == pytest.approx(1, abs=0.02)
    assert (drawn > 1.96).mean() == pytest.approx(0.025, abs=0.003)
    assert (drawn < -1.96).mean() == pytest.approx(0.025, abs=0.003)
