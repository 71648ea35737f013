"""Judgements beside a number: against target and against its own past, in words and a tone."""

import pytest

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.display.blocks import Tone
from lpe_reports.display.key_figures import cell_figure, series_figure
from lpe_reports.display.series.judging import against_target, judgements, variation
from lpe_reports.errors import UsageError
from small_series import protected, series

STEADY = [30, 32, 31, 33, 30, 32, 31, 33, 30, 32, 31, 33]
RAISED = [*[20, 30, 18, 28] * 3, *[29, 33] * 5]
NB = "\u00a0"


@pytest.mark.parametrize(
    ("values", "tone", "words"),
    [
        ([*STEADY, 32], "plain", "vanlig variation"),
        ([*STEADY, 60], "good", "högre än vanligt"),
        ([*STEADY, 5], "bad", "lägre än vanligt"),
        (RAISED, "good", f"fler än vanligt sedan v.{NB}9"),
        ([50 - value for value in RAISED], "bad", f"färre än vanligt sedan v.{NB}9"),
        ([30, 31, 29, 33, 28, 29, 30, 31, 32, 33, 34], "good", f"stiger sedan v.{NB}13"),
        ([30, 20, 30, 20, 30, 36, 35, 34, 33, 32, 31, 30], "bad", f"sjunker sedan v.{NB}13"),
    ],
)
def test_variation_is_told_in_words(values: list[float], tone: Tone, words: str) -> None:
    """Within limits, beyond them, or on its way for seven weeks; good is where more is better."""
    assert variation(series("operations", values)) == (tone, words)


def test_variation_has_no_tone_where_no_direction_is_better() -> None:
    """An unusual utilisation is worth a look, neither good nor bad."""
    shares = [0.7, 0.72, 0.71, 0.73, 0.7, 0.72, 0.71, 0.73, 0.7, 0.72, 0.71, 0.73, 0.95]
    judged = variation(series("spor_patient_time", shares))

    assert judged == ("flag", "högre än vanligt")


@pytest.mark.parametrize("values", [[30, 31, 32], [30] * 3 + [None], [3, 3, 3, 3, 3, 3, 3]])
def test_variation_says_nothing_of_few_or_unknown_points(values: list[float | None]) -> None:
    """Three points, a missing or hidden last one: no judgement."""
    assert variation(series("waiting", values)) is None


def test_variation_of_a_share_that_stays_high_is_higher() -> None:
    """Fler is said of what is counted, högre of a share."""
    judged = variation(series("spor_patient_time", [value / 100 for value in RAISED]))

    assert judged == ("flag", f"högre än vanligt sedan v.{NB}9")


def test_variation_says_nothing_of_tiny_counts() -> None:
    """Four theatres after weeks with one or none is no sign; forty after ten is."""
    few = [1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 4]

    assert variation(series("open_theatres", few)) is None
    assert variation(series("open_theatres", [10 * value for value in few])) is not None


def test_target_is_judged_by_its_direction() -> None:
    """Over the target is good for operations and bad for waiting days."""
    assert against_target(series("operations", [44, 46], target=45)) == ("good", "når målet")
    assert against_target(series("operations", [46, 44], target=45)) == ("bad", "under målet")
    assert against_target(series("wait_days_performed", [80, 95], target=90)) == (
        "bad",
        "över målet",
    )


def test_target_of_a_period_under_way_is_not_missed_yet() -> None:
    """It can still be met; once met it is met."""
    assert against_target(series("operations", [44, 20], target=45, ongoing=True)) is None
    assert against_target(series("operations", [44, 45], target=45, ongoing=True)) is not None


def test_judgements_tell_variation_only_where_it_says_more() -> None:
    """Target first; usual variation is no news beside it."""
    assert judgements(series("operations", [*STEADY, 32], target=30)) == (("good", "når målet"),)
    assert judgements(series("operations", [*STEADY, 32])) == (("plain", "vanlig variation"),)
    assert len(judgements(series("operations", [*STEADY, 60], target=30))) == 2


def test_key_figure_carries_all_that_it_is_compared_with() -> None:
    """Value, before, last year and target, whole numbers as whole numbers."""
    figure = series_figure(series("operations", [35, 46], target=45, last_year=41), "operations")

    assert (figure.value, figure.before, figure.last_year, figure.target) == (46, 35, 41, 45)
    assert type(figure.value) is int
    assert figure.target_direction == "up"
    assert figure.definition == "operations"


def test_key_figure_of_a_share_shows_its_parts() -> None:
    """Numerator and denominator stand beside a share."""
    one = series("guarantee_share_waiting", [70, 176], denominators=[100, 250])
    figure = series_figure(one, "share")

    assert (figure.numerator, figure.denominator) == (176, 250)


def test_key_figure_hides_what_is_hidden() -> None:
    """No value, no parts, no judgement; the value before may be shown."""
    one = series("guarantee_share_waiting", [70, 3], denominators=[100, 100])
    figure = series_figure(one, "share")

    assert figure.hidden
    assert (figure.value, figure.numerator, figure.judgements) == (None, None, ())


def test_key_figure_says_what_is_missing() -> None:
    """A value that was not delivered is missing, in words."""
    figure = series_figure(series("operations", [35, None]), "operations")

    assert (figure.value, figure.hidden, figure.missing) == (None, False, "saknas")


def test_key_figure_of_a_cell_needs_a_number_that_is_there() -> None:
    """Text and rows beyond the table are refused in words; an empty table is missing."""
    table = protected({"name": ["a"], "n": [7]}, Column("name", "N"), Column("n", "n", "count"))
    empty = table.where([False])

    def figure(of: object, column: str, row: int = 0) -> object:
        return cell_figure(
            of, column, row=row, figure_id="x", label="X", definition=""  # type: ignore[arg-type]
        )  # fmt: skip

    assert getattr(figure(table, "n"), "value") == 7  # noqa: B009
    assert getattr(figure(empty, "n"), "missing") == "saknas"  # noqa: B009
    with pytest.raises(UsageError, match="is text"):
        figure(table, "name")
    with pytest.raises(UsageError, match="no row 4"):
        figure(table, "n", 4)


def test_key_figure_in_hours_and_minutes_needs_no_unit() -> None:
    """2:18 says what it is; hours in decimals do not."""
    columns = [Column("stay", "Tid", "minutes", "h:mm"), Column("open", "Öppen", "hours", "tim")]
    table = protected({"stay": [138], "open": [2.3]}, *columns)
    units = [
        cell_figure(table, column.id, row=0, figure_id="x", label="X", definition="").unit
        for column in columns
    ]

    assert units == ["", "tim"]


@pytest.mark.parametrize("minutes", [742.5, 743.5, 742.4, -0.5])
def test_a_key_figure_has_the_minute_of_the_sentence(minutes: float) -> None:
    """Half a minute is rounded up in both, as in the tables."""
    figure = series_figure(series("end_time_median", [700.0, minutes]), "end_time")

    assert figure.value is not None
    assert wording.clock(figure.value) == wording.clock(minutes)
