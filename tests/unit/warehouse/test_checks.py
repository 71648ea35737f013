"""The checks of the data contract, each with its consequence, on rows that break them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.errors import ContractError
from lpe_reports.warehouse.nights.manifest import CheckCount, TableManifest
from lpe_reports.warehouse.snapshots import open_extract
from small_warehouse import NIGHT, SmallOffice, need, operation, session, small_office, waiting

pytestmark = pytest.mark.promise(
    "warehouse",
    "Rows that break the contract are set aside, mended or refused as it says, and counted",
)

Row = dict[str, Any]


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """An office of one table at a time, so that a test is quick."""
    return small_office(tmp_path, operations=0)


def _load(office: SmallOffice, table: str, rows: list[Row]) -> TableManifest:
    """The manifest of one table that was loaded alone."""
    listed = "tables: {operations: {}, needs: {}, waiting_list: {}, sessions: {}}"
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace(listed, f"tables: {{{table}: {{}}}}"))
    office.tables = {table: rows}
    office.extract(as_of=NIGHT)
    return open_extract(office.project).manifest.tables[table]


def _operations(*changed: Row) -> list[Row]:
    """A hundred good operations, and some that are not."""
    return [*(operation(n) for n in range(100)), *changed]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


ROW_FAULTS: list[tuple[str, Row]] = [
    ("null_unit(operating_unit)", {"operating_unit": None}),
    ("unknown_unit(operating_unit)", {"operating_unit": "Hu - C-op 2"}),
    ("unknown_unit(vo)", {"vo": "Ortopedkliniken"}),
    ("unknown_unit(section)", {"section": "Axel"}),
    ("unknown_unit(patient_home)", {"patient_home": "Uppsala"}),
    ("unknown_unit(surgeon_home)", {"surgeon_home": "Uppsala"}),
    ("unknown_code(urgency)", {"urgency": "soon"}),
    ("negative_wait(decided_at, surgery_start_at)", {"decided_at": _at("2030-01-01 00:00")}),
    ("missing_hour(knife_start_at)", {"knife_start_at": _at("2026-03-29 02:30")}),
]


@pytest.mark.parametrize(("rule", "change"), ROW_FAULTS, ids=[rule for rule, _ in ROW_FAULTS])
def test_row_is_set_aside_and_counted(office: SmallOffice, rule: str, change: Row) -> None:
    """The row leaves, the others stay, and the manifest says why."""
    loaded = _load(office, "operations", _operations(operation(110) | change))

    assert loaded.rows == 100
    assert loaded.rejected == 1
    assert rule in [f"{c.rule}({', '.join(c.columns)})" for c in loaded.checks]
    assert {c.consequence for c in loaded.checks} == {"row"}


ORDER = ("patient_in_at", "surgery_start_at", "knife_start_at", "surgery_end_at", "patient_out_at")


@pytest.mark.parametrize("position", range(4))
def test_impossible_order_of_times_is_set_aside(office: SmallOffice, position: int) -> None:
    """Each neighbouring pair of patient in, surgery start, knife, surgery end, patient out."""
    wrong = operation(100)
    first, then = ORDER[position], ORDER[position + 1]
    wrong[first], wrong[then] = wrong[then], wrong[first]

    loaded = _load(office, "operations", _operations(wrong))

    assert loaded.checks == (CheckCount("order_of_times", ORDER, "row", 1),)


def test_order_of_times_passes_over_a_missing_knife(office: SmallOffice) -> None:
    """Without a knife time, surgery end must still not come before surgery start."""
    right = operation(100, knife_start_at=None)
    wrong = operation(101, knife_start_at=None)
    wrong["surgery_end_at"] = wrong["surgery_start_at"] - timedelta(minutes=1)

    loaded = _load(office, "operations", _operations(right, wrong))

    assert loaded.rows == 101
    assert [(c.rule, c.rows) for c in loaded.checks] == [("order_of_times", 1)]


@pytest.mark.parametrize(("hours", "kept"), [(23.99, 101), (24, 100)])
def test_stay_in_theatre_is_under_a_day(office: SmallOffice, hours: float, kept: int) -> None:
    """24 hours and more are a patient who was never registered out."""
    long = operation(100)
    long["patient_out_at"] = long["patient_in_at"] + timedelta(hours=hours)

    assert _load(office, "operations", _operations(long)).rows == kept


def test_decision_on_the_day_of_operation_is_no_negative_wait(office: SmallOffice) -> None:
    """Waits are counted in days: a decision written an hour after the start waited 0 days."""
    same_day = operation(100)
    same_day["decided_at"] = same_day["surgery_start_at"] + timedelta(hours=1)

    loaded = _load(office, "operations", _operations(same_day))

    assert loaded.checks == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [("asa", 7), ("asa", 0), ("age", 140), ("sex", "X")],
)
def test_value_that_cannot_be_is_mended_to_null(
    office: SmallOffice, column: str, value: Any
) -> None:
    """ASA outside 1–6 and its like: the row stays without it."""
    loaded = _load(office, "operations", _operations(operation(100, **{column: value})))

    night = open_extract(office.project)
    assert (loaded.rows, loaded.rejected, loaded.repaired) == (101, 0, 1)
    assert night.read("operations", where={column: None}).shape[0] == 1


def test_repeated_hour_is_mended_and_counted(office: SmallOffice) -> None:
    """A time in the doubled autumn hour is taken as the first."""
    begin = _at("2025-10-26 01:30")
    night = operation(
        100,
        patient_in_at=begin,
        surgery_start_at=begin + timedelta(minutes=45),
        decided_at=begin,
        knife_start_at=None,
        surgery_end_at=begin + timedelta(minutes=80),
        patient_out_at=begin + timedelta(minutes=100),
    )

    loaded = _load(office, "operations", _operations(night))

    counted = {c.columns[0] for c in loaded.checks if c.rule == "repeated_hour"}
    assert {"surgery_start_at", "surgery_end_at"} <= counted
    assert loaded.repaired == 1


def test_overlap_in_one_theatre_is_kept_and_flagged(office: SmallOffice) -> None:
    """The second of the pair is counted; another theatre, and one that follows at once, are not."""
    first = operation(100, theatre="Sal 1")
    moved = {name: first[name] + timedelta(minutes=110) for name in first if name.endswith("_at")}
    second = first | moved | {"operation_id": "second"}
    elsewhere = first | {"operation_id": "elsewhere", "theatre": "Sal 2"}
    later = {name: first[name] + timedelta(minutes=120) for name in first if name.endswith("_at")}
    follows = elsewhere | later | {"operation_id": "follows"}

    loaded = _load(office, "operations", _operations(first, second, elsewhere, follows))

    assert loaded.rows == 104
    assert [(c.rule, c.consequence, c.rows) for c in loaded.checks] == [("overlap", "flag", 1)]


def test_equal_rows_with_one_key_are_one_row(office: SmallOffice) -> None:
    """A month that was loaded twice: its copies are dropped and counted."""
    copies = [operation(n) for n in range(30)]

    loaded = _load(office, "operations", _operations(*copies, operation(0)))

    assert (loaded.fetched, loaded.rows, loaded.repaired) == (131, 100, 31)
    assert loaded.checks == (CheckCount("duplicate", ("operation_id",), "repair", 31),)


def test_other_rows_with_one_key_refuse_the_table(office: SmallOffice) -> None:
    """Nobody knows which of them is true."""
    with pytest.raises(ContractError) as refused:
        _load(office, "operations", _operations(operation(0, theatre="Sal 9")))

    assert str(refused.value).splitlines()[1:] == [
        "  column operation_id, rule duplicate_key: 2 rows; expected rows with the same key to be "
        "equal"
    ]


def test_null_in_a_required_column_refuses_the_table(office: SmallOffice) -> None:
    """Schema is `load`: table, column, rule and rows are named."""
    with pytest.raises(ContractError) as refused:
        _load(office, "operations", _operations(*(operation(n, theatre=None) for n in (100, 101))))

    said = str(refused.value)
    assert "table operations" in said
    assert "column theatre, rule null: 2 rows" in said


def test_values_of_another_type_refuse_the_table(office: SmallOffice) -> None:
    """A text where a time should be: the rows are counted, and the text is not quoted."""
    rows = [n | {"decided_at": str(n["decided_at"])} for n in (need(k) for k in range(50))]
    rows[3]["decided_at"] = "hemlig text"

    with pytest.raises(ContractError) as refused:
        _load(office, "needs", rows)

    said = str(refused.value)
    assert "column decided_at, rule type: 1 row; expected a timestamp like" in said
    assert "rule null" not in said
    assert "hemlig" not in said


@pytest.mark.parametrize(("bad", "refused"), [(2, False), (3, True)])
def test_too_many_rows_set_aside_refuse_the_table(
    office: SmallOffice, bad: int, refused: bool
) -> None:
    """Up to 2 % of the rows may be set aside; beyond that the source is wrong."""
    rows = [operation(n) for n in range(100)]
    for row in rows[:bad]:
        row["operating_unit"] = "Okänd enhet"

    if not refused:
        assert _load(office, "operations", rows).rejected == bad
        return
    with pytest.raises(ContractError) as error:
        _load(office, "operations", rows)
    said = str(error.value)
    assert "column operating_unit, rule unknown_unit: 3 rows" in said
    assert "3 of 100 rows would be set aside, more than 2.0%" in said
    assert "Okänd" not in said


def test_limit_stands_in_params(office: SmallOffice) -> None:
    """The share is the office's decision."""
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    limits = "limits: {rejected_share: 0.5, unknown_share: 0.5}\n"
    office.sources(text.replace("sources:\n", f"{limits}sources:\n", 1))
    rows = [operation(n, vo="?" if n < 40 else "Ortopedi") for n in range(100)]

    assert _load(office, "operations", rows).rejected == 40


def test_unknown_spellings_are_told_when_they_are_harmless(office: SmallOffice) -> None:
    """A common spelling is listed for the operator; a rare one, or one with numbers, is not."""
    rows = [operation(n) for n in range(1000)]
    for row in rows[:6]:
        row["vo"] = "Ortopedkliniken"
    for row in rows[6:12]:
        row["vo"] = "19811228-9874"
    rows[12]["vo"] = "Sällsynt"

    loaded = _load(office, "operations", rows)

    assert loaded.unknown == {"vo": {"Ortopedkliniken": 6}}
    assert [(c.rule, c.rows) for c in loaded.checks] == [("unknown_unit", 13)]


@pytest.mark.parametrize(
    ("table", "make", "change", "rule"),
    [
        ("needs", need, {"removed_at": _at("2020-01-01 08:00")}, "negative_wait"),
        ("needs", need, {"deviation": "annat"}, "unknown_code"),
        ("sessions", session, {"end_at": _at("2020-01-01 08:00")}, "order_of_times"),
        ("sessions", session, {"status": "halvöppen"}, "unknown_code"),
        ("sessions", session, {"staffed_to_at": _at("2020-01-01 08:00")}, "order_of_times"),
    ],
)
def test_other_tables_have_their_checks(
    office: SmallOffice, table: str, make: Callable[..., Row], change: Row, rule: str
) -> None:
    """needs and sessions."""
    loaded = _load(office, table, [*(make(n) for n in range(100)), make(100, **change)])

    assert (loaded.rows, [c.rule for c in loaded.checks]) == (100, [rule])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"since_date": NIGHT + timedelta(days=1)}, "negative_wait"),
        ({"unit": "Okänd mottagning"}, "unknown_unit"),
        ({"unit": None}, "null_unit"),
        ({"list": "annan"}, "unknown_code"),
    ],
)
def test_waiting_list_has_its_checks(office: SmallOffice, change: Row, rule: str) -> None:
    """A wait that has not begun, and units and lists that nobody knows."""
    rows = [waiting(n, "operation", NIGHT) for n in range(100)]

    loaded = _load(office, "waiting_list", [*rows, waiting(100, "operation", NIGHT, **change)])

    assert (loaded.rows, [c.rule for c in loaded.checks]) == (100, [rule])


def test_events_after_the_night_are_left_out(office: SmallOffice) -> None:
    """The night's own day belongs to it, the day after does not; sessions are planned ahead."""
    last, after = operation(0), operation(1)
    for row, day in ((last, NIGHT), (after, NIGHT + timedelta(days=1))):
        moved = datetime(day.year, day.month, day.day) - _at("2026-01-05")  # noqa: DTZ001
        moved -= row["patient_in_at"].date() - date(2026, 1, 5)
        row |= {name: row[name] + moved for name in ORDER}

    loaded = _load(office, "operations", [last, after])

    assert (loaded.fetched, loaded.rows, loaded.left_out, loaded.rejected) == (1, 1, 1, 0)


def test_personal_numbers_in_a_column_refuse_the_table(office: SmallOffice) -> None:
    """A wrong column was mapped: table, column and rows are named, never a number."""
    numbers = ["19811228-9874", "640823-3234"]
    rows = [operation(n, theatre=f"Sal {n % 30}") for n in range(100)]
    rows[0]["theatre"], rows[1]["theatre"] = numbers

    with pytest.raises(ContractError) as refused:
        _load(office, "operations", rows)

    said = str(refused.value)
    assert "table operations" in said
    assert "column theatre looks like personal identity numbers in 2 rows" in said
    assert not any(number in said for number in numbers)


def test_personal_numbers_may_be_exempted_with_a_reason(office: SmallOffice) -> None:
    """And a person's key may of course be one: it is re-keyed."""
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text + "    exempt: {operations.theatre: numbers of theatres look like that}\n")
    rows = [operation(n, theatre="19811228-9874", patient_key="640823-3234") for n in range(30)]

    loaded = _load(office, "operations", rows)

    keys = open_extract(office.project).read("operations")["patient_key"].unique()
    assert loaded.rows == 30
    assert len(keys) == 1
    assert keys[0].startswith("pt_")
