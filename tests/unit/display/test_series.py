"""Series from a real night: values, targets, what was before, and what the data cannot say."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lpe_reports.display.page import Page
from lpe_reports.display.series.asking import Window, lanes
from lpe_reports.display.series.registry import MEASURES, get_measure
from lpe_reports.errors import UsageError
from lpe_reports.params.disclosure import load_disclosure
from lpe_reports.params.glossary import load_glossary
from page_office import FEW, OPERATIONS, OVER_THE_LIMIT, THEATRES, WAITING, operation_rows

OpenPage = Callable[..., Page]


def values(page: Page, measure: str, **wish: object) -> list[float | None]:
    return [point.value for point in page.series(measure, **wish).points]  # type: ignore[arg-type]


def test_series_counts_what_was_done_each_week(open_page: OpenPage) -> None:
    """The office's own figures, week by week, and the target in force."""
    page = open_page()
    series = page.series("operations", unit="bo-opc", last=8)

    assert [point.value for point in series.points] == list(OPERATIONS)
    assert [period.id for period in series.periods][::7] == ["2026-W12", "2026-W19"]
    assert series.target is not None
    assert (series.target.value, series.target.direction) == (45, "up")
    assert series.name == "Operationer, Bollnäs"
    assert series.selection == "Operationscentrum Bollnäs, ortopedi, vecka 12–19 2026"
    assert series.key == "operations-bo-opc"


def test_series_of_the_pages_own_unit_does_not_repeat_it(open_page: OpenPage) -> None:
    """The title says Hudiksvall; another unit's name stands, and so does one that is given."""
    page = open_page("hu-cop", "2026-04", report="utilisation")

    assert page.series("operations", last=2).name == "Operationer"
    assert page.series("operations", unit="bo-opc", last=2).name == "Operationer, Bollnäs"
    assert page.series("operations", last=2, name="Gjorda").name == "Gjorda"
    assert page.series("operations", last=2).place == "Hudiksvall"


def test_series_counts_prostheses_by_their_codes(open_page: OpenPage) -> None:
    """Every other operation is a knee prosthesis."""
    assert values(open_page(), "arthroplasties", unit="bo-opc", last=2) == [17, 23]


def test_series_counts_open_theatres(open_page: OpenPage) -> None:
    """Theatre and day, for all verksamhetsområden together when asked so."""
    assert values(open_page(), "open_theatres", unit="bo-opc", vo=None, last=8) == list(THEATRES)


def test_series_of_a_list_counts_those_who_wait_for_a_procedure(open_page: OpenPage) -> None:
    """All on the small list wait for NGB49, which is a knee operation; nobody for a hernia's."""
    for measure in ("waiting", "unbooked"):
        page = open_page()
        assert values(page, measure, unit="bo-opc", procedure="knee", last=2) == [60, 60]
        assert values(page, measure, unit="bo-opc", procedure="hernia", last=2) == [0, 0]
    share = open_page().series("guarantee_share_waiting", unit="bo-opc", procedure="hernia", last=2)
    assert share.now.denominator is None
    assert share.key == "guarantee-share-waiting-bo-opc-hernia"


def test_series_takes_a_list_as_it_stood_on_the_monday_after(open_page: OpenPage) -> None:
    """The state at the end of a week is the next Monday's."""
    page = open_page()

    assert values(page, "waiting", unit="bo-opc", last=8) == list(WAITING)
    share = page.series("guarantee_share_waiting", unit="bo-opc", last=8)
    assert share.now.denominator == WAITING[-1]
    assert share.now.numerator == WAITING[-1] - OVER_THE_LIMIT
    assert share.limit_days == 90


def test_series_hides_small_lists_everywhere(open_page: OpenPage) -> None:
    """Three people on a list are nowhere in the series."""
    series = open_page().series("waiting", unit="hu-cop", last=3)

    assert [(point.value, point.hidden) for point in series.points] == [(None, True)] * 3
    assert not series.table.frame["value"].eq(FEW).any()
    assert series.limits["mean"].isna().all()


def test_series_begins_where_its_data_does(open_page: OpenPage) -> None:
    """Weeks before the first are not shown as empty weeks."""
    series = open_page().series("waiting", unit="bo-opc", last=26)

    assert len(series.periods) == len(WAITING)


def test_series_knows_none_from_nothing(open_page: OpenPage) -> None:
    """A unit that did nothing did 0; a list that was not stored is missing."""
    page = open_page()

    assert values(page, "operations", unit="ga-cop", last=2) == [0, 0]
    assert open_page(period="2026-W10").series("waiting", unit="bo-opc", last=2).now.value is None


def test_series_carries_the_period_before(open_page: OpenPage) -> None:
    """The week before, by its label; no year before where there was none."""
    series = open_page().series("operations", unit="bo-opc", last=8)

    assert series.before is not None
    assert (series.before.value, series.before_label) == (35, "förra veckan")
    assert series.last_year is not None
    assert (series.last_year.value, series.last_year_label) == (None, "samma vecka 2025")


def test_series_under_way_is_compared_with_the_same_days(open_page: OpenPage) -> None:
    """May has ten days on the night of the 11th, and is compared with ten of April."""
    page = open_page("bo-opc", "2026-05", report="utilisation")
    series = page.series("operations", last=3)
    begun = [row["surgery_start_at"].date() for row in operation_rows()]
    in_april = sum(date(2026, 4, 1) <= day <= date(2026, 4, 10) for day in begun)

    assert series.ongoing
    assert series.now.value == sum(day >= date(2026, 5, 1) for day in begun)
    assert series.before is not None
    assert series.before.value == in_april
    assert series.before_label == "de tio första dagarna förra månaden"
    assert series.limits["value"].isna().tolist()[-1]


def test_a_list_under_way_is_compared_with_the_end_of_the_period_before(
    open_page: OpenPage,
) -> None:
    """A list is a state, which has no first ten days: what it was is how April ended."""
    page = open_page("bo-opc", "2026-05", report="utilisation")
    series = page.series("waiting", unit="bo-opc", last=3)

    assert series.ongoing
    assert series.before is not None
    assert series.before == series.points[-2]
    assert series.before_label == "vid förra månadens slut"


def test_series_counts_nothing_that_is_only_planned(open_page: OpenPage) -> None:
    """The schedule reaches beyond the night; theatres of tomorrow are not open yet."""
    page = open_page("bo-opc", "2026-05", report="utilisation")
    april_and_may = page.series("open_theatres", last=2)

    friday_of_week_18 = THEATRES[-2] // 5
    assert april_and_may.now.value == THEATRES[-1] + friday_of_week_18


def test_series_that_begins_tonight_is_compared_with_nothing(open_page: OpenPage) -> None:
    """The week that the night begins has no day yet."""
    series = open_page(period="2026-W20").series("operations", unit="bo-opc", last=8)

    assert series.ongoing
    assert series.before is None


def test_a_month_is_not_judged_by_what_a_week_should_give(open_page: OpenPage) -> None:
    """45 operations are a week's; a share has the same target whatever the period."""
    page = open_page("bo-opc", "2026-04", report="utilisation")

    assert page.series("operations", vo="ortopedi", last=2).target is None
    assert page.series("open_theatres", last=2).target is None


def test_series_for_a_whole_verksamhetsomrade_has_no_units_target(open_page: OpenPage) -> None:
    """45 is the target of Bollnäs, not of Ortopedi."""
    assert open_page().series("operations", last=4).target is None


def test_series_reads_each_question_once(open_page: OpenPage) -> None:
    """Two series of one list, and the share beside, cost one reading."""
    page = open_page()
    page.each("waiting", ["bo-opc", "hu-cop"], last=8)
    page.each("guarantee_share_waiting", ["bo-opc", "hu-cop"], last=8)
    asked = [q.table for q in page._opening.extract.questions if q.about == "rows"]

    assert asked.count("waiting_list") == 1
    assert asked.count("targets") == 1


def test_series_of_the_last_weeks_keeps_its_limits(open_page: OpenPage) -> None:
    """Cutting what is shown does not change what is usual."""
    whole = open_page().series("operations", unit="bo-opc", last=8)
    cut = whole.last(3)

    assert len(cut.periods) == 3
    assert cut.limits["mean"].tolist() == whole.limits["mean"].tolist()[-3:]
    assert cut.now == whole.now


def test_overlapping_windows_are_asked_apart() -> None:
    """A period and its own first days are never in one question."""
    one = Window(date(2026, 5, 4), date(2026, 5, 11), "w")
    part = Window(date(2026, 5, 4), date(2026, 5, 6), "part")
    after = Window(date(2026, 5, 11), date(2026, 5, 18), "x")

    assert lanes([one, part, after]) == [(part, after), (one,)]


def test_unknown_measure_is_told_with_the_nearest() -> None:
    """A slip of the pen gets a hint."""
    with pytest.raises(UsageError, match="did you mean 'operations'"):
        get_measure("operatons")


@pytest.mark.parametrize("measure_id", MEASURES)
def test_every_measure_has_its_function_definition_and_family(measure_id: str, root: Path) -> None:
    """What can be followed is defined for readers and known to the disclosure policy."""
    measure = get_measure(measure_id)
    glossary = load_glossary(root / "params" / "glossary.yml", root)
    policy = load_disclosure(root / "params" / "disclosure.yml", root)

    assert callable(measure.function())
    assert measure.glossary_id in glossary
    assert policy.family_of(measure.table) is not None
