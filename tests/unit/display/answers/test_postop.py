"""Time in postoperative care of a small unit, waiting for a ward, and operations struck."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lpe_reports.display.answers import postop, postop_cancellations, postop_words
from lpe_reports.display.answers.postop_divisions import (
    on_call,
    total_of,
    weekdays,
    with_total,
)
from lpe_reports.display.blocks import TableBlock
from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.measures.postop import postop_stays_by
from lpe_reports.settings import Project
from lpe_reports.wording import NBSP
from small_warehouse import (
    FOUR_TABLES,
    duckdb_sources,
    need,
    operation_at,
    session,
    target,
    waiting,
    whole_project,
)

OpenPage = Callable[..., Page]
OPERATING, POSTOP = "Hu - C-op", "Postop Hudiksvall"
KEPT = (*FOUR_TABLES, "targets", "postop_stays")
# (arrival, how many, minutes in care, of which ready)
STAYS = (
    ("2025-10-06 10:00", 5, 90, 0),
    ("2026-01-12 10:00", 5, 120, 60),  # a Monday
    ("2026-01-12 11:00", 5, 120, 30),  # no more than half an hour
    ("2026-01-06 12:00", 5, 180, 10),  # a Tuesday that is a holiday
    ("2026-01-13 23:00", 6, 300, 60),  # a Tuesday's night
)
# (scheduled, how many, reason)
STRUCK = (
    ("2023-04-03", 6, "6a"),
    ("2024-04-08", 5, "9a"),
    ("2024-04-09", 7, "6a"),
    ("2024-04-10", 2, "2a"),
    ("2024-04-11", 8, "3a"),
    ("2025-04-07", 6, "9a"),
    ("2025-06-02", 7, "6a"),
    ("2025-06-03", 2, "10a"),
    ("2025-09-01", 3, "1a"),
)
PARAMETERS = {"no_bed_reasons": ["9a"], "reason_names": {"1": "Annan", "6": "Medicinska skäl"}}


def tables() -> dict[str, list[dict[str, Any]]]:
    """The stays and cancellations above, and forty operations in September 2025."""
    stays = [
        {"operation_id": f"P{number}-{n}", "postop_unit": POSTOP, "arrived_at": begin,
         "ready_at": begin + timedelta(minutes=minutes - ready),
         "left_at": begin + timedelta(minutes=minutes)}
        for number, (arrival, count, minutes, ready) in enumerate(STAYS)
        for begin in [datetime.fromisoformat(arrival)]
        for n in range(count)
    ]  # fmt: skip
    struck = [
        {"event_id": f"E{number}-{n}", "need_id": f"N{n}", "operating_unit": OPERATING,
         "vo": "Ortopedi", "section": "Ort", "scheduled_start_at": begin,
         "cancelled_at": begin - timedelta(days=5), "reason_1": reason[:-1], "reason_2": reason}
        for number, (day, count, reason) in enumerate(STRUCK)
        for begin in [datetime.fromisoformat(f"{day} 08:00")]
        for n in range(count)
    ]  # fmt: skip
    september = datetime.fromisoformat("2025-09-15 08:00")
    return {
        "operations": [
            operation_at(n, september, operating_unit=OPERATING, theatre=f"Hu {n}")
            for n in range(40)
        ],
        "needs": [need(0)],
        "sessions": [session(n) for n in range(5)],
        "waiting_list": [waiting(n, "operation", date(2026, 5, 11)) for n in range(5)],
        "targets": [target("operations", 45)],
        "postop_stays": stays,
        "cancellations": struck,
    }


def _project(root: Any, kept: tuple[str, ...]) -> Project:
    office = whole_project(root)
    office.sources(duckdb_sources(*kept))
    office.tables = {name: rows for name, rows in tables().items() if name in kept}
    office.extract()
    return office.project


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return _project(tmp_path_factory.mktemp("postop"), (*KEPT, "cancellations"))


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """Projects whose source does not hand a table over, by the table."""
    kept = {"cancellations": KEPT, "postop_stays": KEPT[:-1]}
    return {name: _project(tmp_path_factory.mktemp(name), of) for name, of in kept.items()}


@pytest.fixture
def opened(
    whole: Project, without: dict[str, Project], monkeypatch: pytest.MonkeyPatch
) -> OpenPage:
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def open_(period: str = "2026-Q1", *, unit: str = "hu-postop", missing: str = "") -> Page:
        monkeypatch.setenv("LPE_PROJECT", str((without[missing] if missing else whole).root))
        return Page(find_opening("postop", unit, period, PARAMETERS))

    return open_


def test_time_is_told_by_on_call_category(opened: OpenPage) -> None:
    """Two hours by day, three on the holiday, five at night; nobody came in the evening."""
    assert postop.by_on_call(opened()).cells() == (
        ("Dagtid", 10, 120, 120),
        ("Helg, dag och kväll", 5, 180, 180),
        ("Natt", 6, 300, 300),
        ("Alla", 21, 180, 300),
    )


def test_time_is_told_by_weekday(opened: OpenPage) -> None:
    """The holiday is the Tuesday that it is; of its eleven the sixth longest is five hours."""
    assert postop.by_weekday(opened()).cells() == (
        ("Måndag", 10, 120, 120),
        ("Tisdag", 11, 300, 300),
        ("Alla", 21, 180, 300),
    )


def test_matrix_has_the_categories_that_somebody_came_in(opened: OpenPage) -> None:
    """A cell that nobody is in is empty, and is not hidden."""
    matrix = postop.matrix(opened())

    assert [c.label for c in matrix.columns] == [
        "Veckodag",
        "Dagtid",
        "Helg, dag och kväll",
        "Natt",
    ]
    assert matrix.cells() == (("Måndag", 120, None, None), ("Tisdag", None, 180, 300))
    assert matrix.hidden_cells() == ()


def test_long_wait_is_more_than_half_an_hour(opened: OpenPage) -> None:
    """Half of the day's, none of the holiday's and all of the night's; half an hour is not long.

    Shares are whole per cents: from 11 of 21 exactly would follow how many have no times.
    """
    assert postop.ward_waits(opened()).cells() == (
        ("Dagtid", 5, 0.5, 45, 60),
        ("Helg, dag och kväll", 0, 0.0, 10, 10),
        ("Natt", 6, 1.0, 60, 60),
        ("Alla", 11, 0.52, 60, 60),
    )
    by_day = postop.ward_waits_by_weekday(opened())
    assert by_day.cells() == (("Måndag", 5, 0.5), ("Tisdag", 6, 0.55), ("Alla", 11, 0.52))


def test_few_are_shown_together_or_not_at_all(opened: OpenPage) -> None:
    """Of the five of the fourth quarter there is one category; other units had nobody."""
    page = opened("2025-Q4")

    assert postop.by_on_call(page).cells() == (("Dagtid", 5, 90, 90), ("Alla", 5, 90, 90))
    assert postop.ward_waits(page).cells()[-1][:3] == ("Alla", 0, 0.0)
    nobody = opened(unit="bo-postop")
    for table in (postop.matrix(nobody), postop.by_weekday(nobody), postop.ward_waits(nobody)):
        block = nobody.table(table, caption="x").block
        assert isinstance(block, TableBlock)
        assert (block.rows, block.empty) == ((), "Inga vårdtillfällen under perioden.")
    heat = nobody.heat(postop.matrix(nobody), label="name", parts=["daytime"], caption="x")
    assert "Inga vårdtillfällen" in str(heat.block)
    assert (
        postop_words.summary(nobody)
        == "Inga vårdtillfällen på Postop Bollnäs under kvartal 1 2026."
    )


def test_coarser_ways_to_divide_differ_from_the_finer(opened: OpenPage) -> None:
    """Working days and weekends are no way where nobody came on a weekend: Alla says the same."""
    page, before = opened(), opened("2025-Q4")

    assert [len(way.parts) for way in on_call(page)] == [4, 2, 0]
    assert [len(way.parts) for way in weekdays(page)] == [7, 0]
    assert [len(way.parts) for way in on_call(before)] == [4, 0]
    assert on_call(page)[1].note == (
        "Övriga jourkategorier visas tillsammans: var för sig skulle för många tal döljas."
    )


def test_stays_can_be_divided_more_coarsely(opened: OpenPage) -> None:
    """Ordinary hours as they are; the holiday's five and the night's six together, median 5:00."""
    page = opened()
    rows = with_total(page, on_call(page)[1], postop_stays_by)

    assert rows[["name", "stays", "median_minutes"]].to_numpy().tolist() == [
        ["Dagtid", 10, 120], ["Övrig tid", 11, 300], ["Alla", 21, 180],
    ]  # fmt: skip
    alone = with_total(page, on_call(page)[2], postop_stays_by)
    assert alone["name"].tolist() == ["Alla"]
    assert total_of(alone) is None


def test_summary_tells_who_came_and_waited(opened: OpenPage) -> None:
    """21 against 5, the eleventh longest, and eleven of 21 against none of five."""
    assert postop_words.summary(opened()).replace(NBSP, " ") == (
        "Postop Hudiksvall hade 21 vårdtillfällen under kvartal 1 2026, 16 fler än förra "
        "kvartalet. Hälften varade högst 3 timmar. I 52,4 % av vårdtillfällena var patienten kvar "
        "mer än 30 minuter efter att ha bedömts klar, 52,4 procentenheter mer än förra kvartalet."
    )


def test_summary_of_a_quarter_in_which_nobody_waited_says_so(opened: OpenPage) -> None:
    """The fourth quarter of 2025: five, after a quarter before which nothing is known."""
    assert postop_words.summary(opened("2025-Q4")).replace(NBSP, " ") == (
        "Postop Hudiksvall hade 5 vårdtillfällen under kvartal 4 2025. Hälften varade högst "
        "1 timme och 30 minuter. Ingen patient var kvar mer än 30 minuter efter att ha bedömts "
        "klar."
    )


def test_unit_without_the_table_says_so(opened: OpenPage) -> None:
    """Not handed over is not the same as nobody."""
    page = opened(missing="postop_stays")

    assert postop_words.summary(page).endswith("har inte levererats till datalagret.")
    assert postop.by_on_call(page).cells() == ()
    assert page.series("postop_median_minutes", last=2).now.value is None


def test_series_is_of_the_unit_of_postoperative_care(opened: OpenPage) -> None:
    """Counts, median and share of each quarter; a count before the first stay is not known."""
    stays, minutes, waited = opened().measures(
        ["postop_stays", "postop_median_minutes", "ward_wait_share"], last=3
    )

    assert [point.value for point in stays.points] == [5, 21]
    assert [point.value for point in minutes.points] == [90, 180]
    assert (waited.now.numerator, waited.now.denominator) == (11, 21)


def test_struck_are_counted_twelve_months_at_a_time(opened: OpenPage) -> None:
    """18 of 58 struck, six for want of a place; and the years before as far as there are rows."""
    table = postop_cancellations.struck(opened())

    assert table.cells() == (
        ("r12-2026-03", 58, 18, 18 / 58, 6, 6 / 18),
        ("r12-2025-03", 22, 22, 1.0, 5, 5 / 22),
        ("r12-2024-03", 6, 6, 1.0, 0, 0.0),
    )
    assert postop_cancellations.struck(opened(), back=1).cells() == table.cells()[1:]


def test_quarter_under_way_has_twelve_whole_months(opened: OpenPage) -> None:
    """On 11 May they end with April, when nothing had been struck twelve months before."""
    assert postop_cancellations.struck(opened("2026-Q2")).cells() == ()
    assert postop_cancellations.selection(opened("2026-Q1")).endswith(
        "tolv månader till och med mars 2026"
    )


def test_reasons_of_few_stand_together(opened: OpenPage) -> None:
    """Three and two are one row of five; the place in postop is always a row of its own."""
    assert postop_cancellations.reasons(opened()).cells() == (
        ("Plats på postop saknades (9a)", 6, 6 / 18),
        ("Orsak 6: medicinska skäl", 7, 7 / 18),
        ("Övriga orsaker (1, 10)", 5, 5 / 18),
        ("Alla", 18, 1.0),
    )


def test_reasons_too_few_together_take_in_the_next(opened: OpenPage) -> None:
    """Two alone tell of two: the seven of the next reason stand with them."""
    assert postop_cancellations.reasons(opened("2025-Q1")).cells() == (
        ("Plats på postop saknades (9a)", 5, 5 / 22),
        ("Orsak 3", 8, 8 / 22),
        ("Övriga orsaker (2, 6)", 9, 9 / 22),
        ("Alla", 22, 1.0),
    )


def test_summary_holds_the_places_against_the_year_before(opened: OpenPage) -> None:
    """Six against five; nothing where no cancellations are handed over."""
    assert postop_cancellations.summary(opened()).replace(NBSP, " ") == (
        "Under tolv månader till och med mars 2026 ströks 6 operationer på Centraloperation "
        "Hudiksvall för att plats på postop saknades, mot 5 under de tolv månaderna före."
    )
    silent = opened(missing="cancellations")
    assert postop_cancellations.summary(silent) == ""
    assert postop_cancellations.struck(silent).cells() == ()
    assert postop_cancellations.reasons(silent).cells() == ()
    assert silent.series("cancelled_share", unit="hu-cop", last=2).now.value is None


def test_share_struck_is_followed_per_operating_unit(opened: OpenPage) -> None:
    """The third quarter of 2025: three struck are few, so that their share is hidden."""
    series = opened("2025-Q3").series("cancelled_share", unit="hu-cop", last=2)

    assert series.now.hidden
    assert series.points[0].numerator == 15


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(95, "1 timme och 35 minuter"), (120, "2 timmar"), (41, "41 minuter"), (0, "0 minuter")],
)
def test_time_is_spoken_in_hours_and_minutes(minutes: int, words: str) -> None:
    """As it is said aloud: no hours that are none, no minutes that are none."""
    assert postop_words.spoken(minutes) == words
