"""Reading slices of a night: the right rows in the right form, verified, and remembered."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lpe_reports.errors import ExtractError, UsageError
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.parquet import ROW_GROUP_ROWS
from lpe_reports.warehouse.snapshots import Extract, Prefix, open_extract
from reliability.trials import Tried
from small_warehouse import NIGHT, SmallOffice, small_office, waiting

WEEK_BEFORE = NIGHT - timedelta(days=7)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """One night that the tests of this module only read."""
    made = small_office(tmp_path_factory.mktemp("office"), operations=100)
    made.extract()
    return made


@pytest.fixture
def night(office: SmallOffice) -> Extract:
    return open_extract(office.project)


def test_frame_has_the_canonical_dtypes(night: Extract) -> None:
    """What measures may rely on, for every kind of column."""
    operations = night.read("operations")
    lists = night.read("waiting_list")

    dtypes = {name: str(dtype) for name, dtype in {**operations.dtypes, **lists.dtypes}.items()}
    expected = {
        "operation_id": "str",
        "postop_actual": "str",
        "patient_in_at": "datetime64[us, Europe/Stockholm]",
        "snapshot_date": "datetime64[us]",
        "booked_for": "datetime64[us]",
        "asa": "Int64",
        "planned": "boolean",
        "anaesthesia_staff": "bool",
        "guarantee": "bool",
    }
    assert {name: dtypes[name] for name in expected} == expected
    assert list(operations.columns) == list(
        night.read("operations", where={"vo": "nothing"}).columns
    )


def test_empty_answer_has_the_same_dtypes(night: Extract) -> None:
    """No row is no reason for another form."""
    full, none = night.read("operations"), night.read("operations", units=[])

    assert len(none) == 0
    assert none.dtypes.equals(full.dtypes)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 1, 20), date(2026, 3, 10)),
        (date(2026, 2, 10), date(2026, 2, 11)),
        (None, date(2026, 2, 2)),
        (date(2026, 3, 31), None),
        (date(2026, 3, 1), date(2026, 3, 1)),
        (date(2030, 1, 1), date(2031, 1, 1)),
    ],
)
def test_days_are_half_open_and_swedish(
    night: Extract, start: date | None, end: date | None
) -> None:
    """The answer is what filtering all rows by their local day would give."""
    everything = night.read("operations")
    days = everything["surgery_start_at"].dt.tz_localize(None).dt.normalize()
    inside = pd.Series(True, index=everything.index)
    inside &= days >= pd.Timestamp(start) if start else True
    inside &= days < pd.Timestamp(end) if end else True

    answer = night.read("operations", start=start, end=end)

    expected = set(everything.loc[inside, "operation_id"])
    assert set(answer["operation_id"]) == expected
    assert len(answer) == len(expected)


Choose = Callable[[pd.DataFrame], "pd.Series[bool]"]


@pytest.mark.parametrize(
    ("where", "choose"),
    [
        ({"procedure_code": "NGB49"}, lambda f: f["procedure_code"] == "NGB49"),
        ({"procedure_code": ["NGB49", "NHK57"]}, lambda f: f["procedure_code"] != "NFB49"),
        ({"procedure_code": []}, lambda f: f["procedure_code"].isna()),
        (
            {"procedure_code": Prefix("NG", "NF")},
            lambda f: f["procedure_code"].str.startswith(("NG", "NF")),
        ),
        ({"planned": None}, lambda f: f["planned"].isna()),
        ({"planned": [True, None]}, lambda f: f["planned"].isna() | (f["planned"] == True)),  # noqa: E712
        ({"asa": [1, 2], "sex": "F"}, lambda f: f["asa"].isin([1, 2]) & (f["sex"] == "F")),
        ({"vo": "kirurgi"}, lambda f: f["vo"] == "kirurgi"),
    ],
)
def test_where_keeps_rows(night: Extract, where: dict[str, Any], choose: Choose) -> None:
    """Equality, membership, null, and the beginnings of a text."""
    everything = night.read("operations")
    expected = everything.loc[choose(everything).fillna(False).astype(bool), "operation_id"]

    answer = night.read("operations", where=where)

    assert sorted(answer["operation_id"]) == sorted(expected)


def test_columns_come_in_the_order_asked(night: Extract) -> None:
    """And the columns that only decide are not among them."""
    frame = night.read(
        "operations",
        units=["hu-cop"],
        start=date(2026, 1, 7),
        where={"vo": "ortopedi"},
        columns=["sex", "asa"],
    )

    assert list(frame.columns) == ["sex", "asa"]
    assert len(frame) > 0


def test_waiting_list_is_chosen_by_list_unit_and_day(night: Extract) -> None:
    """Only the files and rows of the selection are touched."""
    frame = night.read(
        "waiting_list",
        units=["hu-cop", "bo-opc"],
        start=NIGHT,
        end=NIGHT + timedelta(days=1),
        where={"list": "operation"},
    )

    assert set(frame["unit"]) == {"hu-cop", "bo-opc"}
    assert set(frame["list"]) == {"operation"}
    assert set(frame["snapshot_date"]) == {pd.Timestamp(NIGHT)}
    assert len(frame) == 10


def test_days_of_a_list_are_known(night: Extract) -> None:
    """The day itself, the nearest earlier within three days, or none."""
    assert night.snapshot_dates("operation") == [WEEK_BEFORE, NIGHT]
    assert night.snapshot_on("operation", NIGHT) == NIGHT
    assert night.snapshot_on("operation", WEEK_BEFORE + timedelta(days=3)) == WEEK_BEFORE
    assert night.snapshot_on("operation", WEEK_BEFORE + timedelta(days=4)) is None
    assert night.snapshot_on("operation", WEEK_BEFORE - timedelta(days=1)) is None


def test_first_day_of_a_table_is_known(night: Extract) -> None:
    """The first of the first month, or the first stored day; none where rows have no time."""
    assert night.first_day("operations") == date(2026, 1, 1)
    assert night.first_day("waiting_list") == WEEK_BEFORE
    assert night.first_day("load_log") is None
    assert night.first_day("targets") is None


def test_table_that_no_source_gave_is_missing(night: Extract) -> None:
    """`has` tells; reading it says who does not hand it over."""
    assert night.has("operations")
    assert not night.has("targets")
    with pytest.raises(ExtractError, match="source demo does not hand it over"):
        night.read("targets")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ({"table": "operation"}, "no table 'operation'"),
        ({"table": "operations", "columns": ["ASA"]}, "no column 'ASA'"),
        ({"table": "operations", "where": {"klinik": 1}}, "no column 'klinik'"),
        ({"table": "operations", "where": {"asa": "tre"}}, "where: 'asa' holds int64"),
        ({"table": "operations", "where": {"asa": {"a": 1}}}, "where: 'asa' takes"),
        ({"table": "operations", "units": "hu-cop"}, "takes a list"),
        ({"table": "load_log", "units": ["hu-cop"]}, "no unit to select by"),
        ({"table": "load_log", "start": NIGHT}, "no time to select by"),
    ],
)
def test_wrong_question_is_wrong_use(night: Extract, ask: dict[str, Any], said: str) -> None:
    """A name that does not exist is told with those that do."""
    with pytest.raises(UsageError, match=said):
        night.read(ask.pop("table"), **ask)


def test_unknown_list_is_wrong_use(night: Extract) -> None:
    """There are two waiting lists."""
    with pytest.raises(UsageError, match="no waiting list 'operations'"):
        night.snapshot_on("operations", NIGHT)


def test_night_that_is_not_there_is_told(tmp_path: Path, office: SmallOffice) -> None:
    """With what to do about it."""
    with pytest.raises(ExtractError, match="run `lpe extract`"):
        open_extract(Project(tmp_path))
    with pytest.raises(ExtractError, match="no extract of 2026-05-10; the newest is of 2026-05-11"):
        open_extract(office.project, date(2026, 5, 10))


def test_long_list_is_read_by_its_row_groups(tmp_path: Path) -> None:
    """A day with more rows than a row group: every unit's rows, and no other's."""
    office = small_office(tmp_path, operations=0)
    rows = 2 * ROW_GROUP_ROWS + 4_000
    office.sources(
        (tmp_path / "params" / "sources.yml")
        .read_text(encoding="utf-8")
        .replace("operations: {}, needs: {}, waiting_list: {}, sessions: {}", "waiting_list: {}")
    )
    office.tables = {"waiting_list": [waiting(n, "operation", NIGHT) for n in range(rows)]}
    office.extract()
    night = open_extract(office.project)

    for units in (["bo-opc"], ["ga-cop"], ["ga-dagkir", "hu-cop"], ["bo-opc", "hu-cop"]):
        frame = night.read("waiting_list", units=units)

        assert set(frame["unit"]) == set(units)
        assert frame["entry_id"].nunique() == rows // 4 * len(units)


def test_every_read_is_remembered(office: SmallOffice) -> None:
    """In order, with its parts' and its answer's digests; asked again, it says the same."""
    night = open_extract(office.project)
    night.read("operations", units=["hu-cop"], start=date(2026, 2, 1), where={"vo": "ortopedi"})
    night.snapshot_on("operation", NIGHT)
    night.has("targets")
    night.first_day("needs")

    assert [q.about for q in night.questions] == ["rows", "nearest", "has", "first"]
    for question in night.questions:
        again = open_extract(office.project).ask_again(question)
        assert again.parts_digest == question.parts_digest == night.parts_digest(question)
        assert (again.answer_digest, again.rows) == (question.answer_digest, question.rows)
    assert len(night.questions) == 4


def _flips(content: bytes) -> list[bytes]:
    places = range(0, len(content), max(1, len(content) // 40))
    return [content[:p] + bytes([content[p] ^ 1]) + content[p + 1 :] for p in places]


@pytest.mark.promise(
    "warehouse",
    "A file of a night that was cut, or has one byte flipped, is found before a number is read",
)
def test_cut_or_changed_part_is_never_read(tmp_path: Path, tried: Tried) -> None:
    """One byte flipped anywhere, or the end missing: told with the part's name, no number read."""
    office = small_office(tmp_path, operations=8)
    office.extract()
    part = "operations/2026-01.parquet"
    path = open_extract(office.project).folder / part
    path.chmod(0o644)
    whole = path.read_bytes()

    for damaged in [*_flips(whole), whole[:-1], whole[: len(whole) // 2], b"", None]:
        if damaged is None:
            path.unlink()
        else:
            path.write_bytes(damaged)
        night = open_extract(office.project)
        with pytest.raises(ExtractError) as refused:
            night.read("operations")
        assert part in str(refused.value)
        assert "lpe extract" in str(refused.value)
        assert night.questions == []
    tried(len(_flips(whole)), "flipped bytes")


def test_part_outside_the_selection_is_not_opened(tmp_path: Path) -> None:
    """What a report does not read cannot stop it."""
    office = small_office(tmp_path, operations=40)
    folder = office.extract()
    (folder / "operations" / "2026-01.parquet").unlink()
    night = open_extract(office.project)

    assert len(night.read("operations", start=date(2026, 2, 1))) == 13
    with pytest.raises(ExtractError):
        night.verify()
