"""Nights of what has changed: the same as whole ones, and history changed in silence is found."""

import signal
import subprocess
import sys
import textwrap
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports.errors import ContractError
from lpe_reports.warehouse.loading.base import Base
from lpe_reports.warehouse.nights.dividing import Slice, divide
from lpe_reports.warehouse.nights.manifest import SilentChanges, TableManifest, read_manifest
from lpe_reports.warehouse.nights.parts import PartsWriter
from lpe_reports.warehouse.snapshots import open_extract
from small_warehouse import NIGHT, ROOT, UNITS, SmallOffice, operation, small_office

pytestmark = pytest.mark.promise(
    "warehouse",
    "A night of what has changed is a whole night, and history changed in silence is found",
)

SOURCES = """
default: demo
limits: {rejected_share: 1, unknown_share: 1}
reload: {full_every_days: 7, overlap_hours: 24}
sources:
  demo:
    kind: duckdb
    demo: true
    demo_key_secret: the demo has nothing to hide
    path: data/demo/warehouse.duckdb
    aliases: {hospital: {Annan: other}}
    tables: {operations: {watermark: changed_at}}
"""
CLOCK = datetime.fromisoformat("2026-05-09 12:00")

Row = dict[str, Any]


def _row(number: int, at: datetime = CLOCK, **changes: Any) -> Row:
    return operation(number, changed_at=at, **changes)


def _office(root: Path, rows: list[Row], sources: str = SOURCES) -> SmallOffice:
    office = small_office(root, operations=0)
    office.sources(sources)
    office.tables = {"operations": rows}
    return office


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """Operations of four months, each last changed on the day before it was done or in May."""
    return _office(tmp_path, [_row(n, CLOCK - timedelta(days=120 - n)) for n in range(120)])


def _night(office: SmallOffice, **kw: Any) -> TableManifest:
    """One more night, of the rows as they are now."""
    return read_manifest(office.extract(as_of=kw.pop("as_of", NIGHT), **kw)).tables["operations"]


def _content(table: TableManifest) -> dict[str, Any]:
    """What must not depend on the way in which a night was made."""
    return {
        "parts": sorted((p.unit, p.period, p.rows, p.digest) for p in table.parts),
        "counts": (table.rows, table.rejected, table.repaired, table.duplicates),
        "checks": table.checks,
        "latest": table.latest_event_at,
        "watermark": table.watermark,
    }


def _moved(row: Row, days: float) -> Row:
    """The same operation, so many days later."""
    return row | {name: row[name] + timedelta(days=days) for name in row if name in TIMES}


TIMES = (
    "scheduled_start_at",
    "scheduled_end_at",
    "patient_in_at",
    "anaesthesia_start_at",
    "surgery_start_at",
    "knife_start_at",
    "surgery_end_at",
    "anaesthesia_end_at",
    "patient_out_at",
)
EDITS = {
    "change": lambda row, n: row | {"asa": n % 6 + 1},
    "other unit": lambda row, n: row | {"operating_unit": UNITS[n % 4]},
    "other month": lambda row, n: _moved(row, 31),
    "after the night": lambda row, n: _moved(row, 365),
    "back": lambda row, n: _moved(row, -31 * (n % 3)),
    "bad": lambda row, n: row | {"vo": "Ingen känner den"},
    "mended": lambda row, n: row | {"asa": 7},
    "good": lambda row, n: row | {"vo": "Ortopedi", "asa": 2},
}


def _edited(rows: list[Row], number: int, edit: str, at: datetime) -> list[Row]:
    """The rows after one edit, which the source notes the time of."""
    if edit == "insert":
        return [*rows, _row(1000 + len(rows) + number, at)]
    chosen = rows[number % len(rows)]["operation_id"]
    if edit == "copy":
        copy = next(row for row in rows if row["operation_id"] == chosen)
        rows = [*rows, dict(copy)]
        return [row | {"changed_at": at} if row["operation_id"] == chosen else row for row in rows]
    return [
        EDITS[edit](row, number) | {"changed_at": at} if row["operation_id"] == chosen else row
        for row in rows
    ]


edits = st.lists(
    st.tuples(st.integers(0, 500), st.sampled_from([*EDITS, "insert", "copy"])), max_size=6
)


@drawn(5)
@given(nights=st.lists(edits, min_size=1, max_size=3), overlap=st.sampled_from([0, 24]))
def test_increments_equal_a_whole_load(nights: list[list[tuple[int, str]]], overlap: int) -> None:
    """Whatever was inserted, changed, moved, spoilt, mended or doubled, the digests are the same.

    Also those of months and units that a row has left, and the counts of what is wrong.
    """
    sources = SOURCES.replace("overlap_hours: 24", f"overlap_hours: {overlap}")
    at = CLOCK
    with TemporaryDirectory() as root:
        rows = [_row(n, CLOCK - timedelta(days=60 - n)) for n in range(0, 60, 3)]
        (Path(root) / "nightly").mkdir()
        nightly = _office(Path(root) / "nightly", rows, sources)
        _night(nightly)
        for number, of_night in enumerate(nights):
            for which, edit in of_night:
                at += timedelta(minutes=1)
                rows = _edited(rows, which, edit, at)
            nightly.tables["operations"] = rows
            (Path(root) / f"whole-{number}").mkdir()

            by_increment = _night(nightly)
            whole = _night(_office(Path(root) / f"whole-{number}", rows, sources))

            assert by_increment.load == "increment"
            assert _content(by_increment) == _content(whole)
        open_extract(nightly.project).verify()


def test_only_what_changed_is_fetched(office: SmallOffice) -> None:
    """And what was changed in the hours before, which may have become visible late."""
    first = _night(office)
    office.tables["operations"][7]["asa"] = 5
    office.tables["operations"][7]["changed_at"] = CLOCK

    second = _night(office)

    assert (first.load, first.fetched, first.watermark) == (
        "full",
        120,
        {"time": "2026-05-08T12:00:00"},
    )
    assert (second.load, second.fetched) == ("increment", 3)
    assert second.watermark == {"time": "2026-05-09T12:00:00"}
    assert (second.rows, second.full_on) == (120, "2026-05-11")


def test_months_that_nothing_touched_are_linked_unread(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same inode, and only the parts of the month of what changed were read."""
    first = office.extract(as_of=NIGHT)
    read: list[str] = []
    rows = Base.rows

    def noted(base: Base, numbers: list[int]) -> Any:
        read.extend(part.period for part in base.parts(numbers))
        return rows(base, numbers)

    monkeypatch.setattr(Base, "rows", noted)
    office.tables["operations"] = [
        row for row in office.tables["operations"] if row["operation_id"] != "O119"
    ] + [_row(119, CLOCK - timedelta(days=1), asa=6)]

    second = office.extract(as_of=NIGHT)

    files = [p.relative_to(first) for p in sorted(first.glob("operations/*.parquet"))]
    written = [f.as_posix() for f in files if not (first / f).samefile(second / f)]
    assert written == ["operations/2026-05.parquet"]
    # April's last days stand beside May's first when overlaps are looked for.
    assert set(read) == {"2026-04", "2026-05"}


def test_a_night_with_a_file_for_each_unit_is_built_on(
    office: SmallOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As nights were stored once: what did not change is linked, what did is one file a month."""

    def write_per_unit(writer: PartsWriter, table: pa.Table) -> list[Slice]:
        slices = list(divide(table, writer._contract))
        for each in slices:
            writer.store(f"operations/{each.unit}/{each.period}.parquet", [each])
            if each.hashes is not None:
                writer._hashes.append(each.hashes)
        return slices

    with monkeypatch.context() as then:
        then.setattr(PartsWriter, "write", write_per_unit)
        office.extract(as_of=NIGHT)
    rows = office.tables["operations"]
    office.tables["operations"] = _edited(rows, 5, "change", CLOCK)

    increment = _night(office)

    stored = {file.path for file in increment.files}
    assert increment.load == "increment"
    assert {"operations/2026-01.parquet", "operations/hu-cop/2026-02.parquet"} <= stored
    assert "operations/hu-cop/2026-01.parquet" not in stored
    (tmp_path / "whole").mkdir()
    whole = _night(_office(tmp_path / "whole", office.tables["operations"]))
    assert _content(increment) == _content(whole)
    open_extract(office.project).verify()


def test_nothing_changed_is_a_night_of_links(office: SmallOffice) -> None:
    """Rows, keys and findings; only the log of loads is of its own night."""
    office.tables["operations"][3]["asa"] = 7
    first = office.extract(as_of=NIGHT)

    second = office.extract(as_of=NIGHT)

    files = [p.relative_to(first) for p in first.rglob("*.parquet")]
    assert {f.parts[0] for f in files} == {"operations", "keys", "findings", "load_log"}
    assert [f.parts[0] for f in files if not (first / f).samefile(second / f)] == ["load_log"]


def test_history_changed_in_silence_is_counted(office: SmallOffice) -> None:
    """A whole load tells rows added, changed and removed behind the watermark, and no others."""
    _night(office)
    rows = office.tables["operations"]
    rows[4]["asa"] = 6  # its watermark stays
    rows[5] = _moved(rows[5], 31)  # to another month
    rows.append(_row(300, CLOCK - timedelta(days=90)))
    rows[30] = _row(30, CLOCK, asa=6)  # as it should be
    rows.append(_row(301, CLOCK))
    del rows[20]

    assert _night(office).rows == 121
    whole = _night(office, full=True)

    assert whole.silent == SilentChanges(1, 2, 1, "2026-05-11")
    assert whole.load == "full"
    assert _night(office, full=True).silent == SilentChanges(0, 0, 0, "2026-05-11")


def test_rows_that_went_by_the_rules_are_no_silent_change(office: SmallOffice) -> None:
    """Spoilt or moved beyond the night, with a new watermark: an increment sees that too."""
    _night(office)
    rows = office.tables["operations"]
    rows[4] |= {"vo": "Ingen känner den", "changed_at": CLOCK}
    rows[5] = _moved(rows[5], 365) | {"changed_at": CLOCK}

    whole = _night(office, full=True)

    assert (whole.rows, whole.rejected, whole.left_out) == (118, 1, 1)
    assert whole.silent == SilentChanges(0, 0, 0, "2026-05-11")


def test_table_is_loaded_whole_every_week(office: SmallOffice) -> None:
    """Counted from the last whole load, by the nights' days."""
    loads = [_night(office, as_of=NIGHT - timedelta(days=days)).load for days in (9, 6, 3, 2, 0)]

    assert loads == ["full", "increment", "increment", "full", "increment"]


def test_other_spellings_load_the_table_whole(office: SmallOffice) -> None:
    """A row that nobody touched may mean something else now."""
    office.tables["operations"][4]["vo"] = "Ortopedkliniken"
    before = _night(office)
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(
        text.replace("{Annan: other}}", "{Annan: other}, vo: {Ortopedkliniken: ortopedi}}")
    )

    after = _night(office)

    assert (before.rows, before.rejected) == (119, 1)
    assert (after.load, after.rows, after.rejected, after.silent) == ("full", 120, 0, None)


def test_a_night_in_the_past_and_one_after_it_lose_nothing(office: SmallOffice) -> None:
    """What was left out as later than the night is fetched by the next, however old its change."""
    past = _night(office, as_of=NIGHT - timedelta(days=60))

    forward = _night(office, as_of=NIGHT - timedelta(days=57))
    today = _night(office, as_of=NIGHT - timedelta(days=54))

    assert past.left_out > 0
    assert (forward.load, today.load) == ("increment", "increment")
    assert today.rows == past.rows + 6


def test_rows_that_vanish_with_the_watermark_load_the_table_whole(office: SmallOffice) -> None:
    """An emptied table, or a source that was put back from a copy, is not "nothing changed"."""
    _night(office)
    office.tables["operations"] = office.tables["operations"][:100]

    table = _night(office)

    assert (table.load, table.rows, table.silent) == (
        "full",
        100,
        SilentChanges(0, 0, 20, "2026-05-11"),
    )


@pytest.mark.parametrize("beside", ["operations/2026-02.parquet", "keys/operations.parquet"])
def test_damage_to_the_night_before_loads_the_table_whole(office: SmallOffice, beside: str) -> None:
    """Nothing that is damaged is carried into another night."""
    damaged = office.extract(as_of=NIGHT) / beside
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-7])
    office.tables["operations"][4] = _row(4, CLOCK, asa=6)

    table = _night(office)

    assert (table.load, table.rows) == ("full", 120)
    open_extract(office.project).verify()


def test_ids_that_come_back_in_another_month_are_refused(office: SmallOffice) -> None:
    """The key of January's operation in May: nobody knows which is true, whole or not."""
    twice = _row(110, CLOCK, operation_id="O4")
    rows = office.tables["operations"]
    office.tables["operations"] = [*rows, twice]
    with pytest.raises(ContractError, match="rule duplicate_key: 2 rows"):
        _night(office)
    office.tables["operations"] = rows
    _night(office)
    changed = [row | {"changed_at": CLOCK} if row["operation_id"] == "O4" else row for row in rows]

    office.tables["operations"] = [*changed, twice]
    with pytest.raises(ContractError, match="rule duplicate_key: 2 rows"):
        _night(office)


def test_findings_name_the_row_and_the_rule_and_no_value(office: SmallOffice) -> None:
    """One row for each broken rule of each row: re-keyed key, period, rule, consequence."""
    rows = office.tables["operations"]
    rows[3]["asa"] = 7
    rows[4] |= {"vo": "Ingen känner den", "asa": 9}

    folder = office.extract(as_of=NIGHT)

    table = read_manifest(folder).tables["operations"]
    assert table.findings is not None
    stored = pq.read_table(folder / table.findings.path)
    found = stored.drop_columns(["operation_id"]).to_pylist()
    assert stored.column_names == ["operation_id", "period", "rule", "columns", "consequence",
                                   "first"]  # fmt: skip
    assert sorted(tuple(row.values()) for row in found) == [
        ("2026-01", "out_of_range", "asa", "repair", False),
        ("2026-01", "out_of_range", "asa", "repair", True),
        ("2026-01", "unknown_unit", "vo", "row", True),
    ]
    assert all(key.startswith("op_") for key in stored.column("operation_id").to_pylist())
    assert (table.rejected, table.repaired) == (1, 1)


def test_counts_of_what_is_wrong_live_on_and_go_with_their_rows(office: SmallOffice) -> None:
    """They are of the whole table, though only a few rows were fetched."""
    rows = office.tables["operations"]
    rows[3]["asa"] = 7
    rows[4]["asa"] = 7
    counted = [_night(office).repaired, _night(office).repaired]
    rows[4] = _row(4, CLOCK)

    counted.append(_night(office).repaired)

    assert counted == [2, 2, 1]


def test_an_overlap_over_the_turn_of_the_month_is_seen(office: SmallOffice) -> None:
    """The month of the later operation is untouched; still it is looked at again."""
    late = _moved(_row(0), 54 + 14 / 24)  # 28 February, 22:00
    early = _moved(_row(1), 54)  # 1 March, 08:00
    late["patient_out_at"] = early["patient_in_at"] + timedelta(minutes=5)
    late |= {"operation_id": "late", "theatre": "Sal 99", "operating_unit": UNITS[0]}
    early |= {"operation_id": "early", "theatre": "Sal 99", "operating_unit": UNITS[0]}
    for row in (late, early):
        row["changed_at"] = CLOCK - timedelta(days=60)
    good = dict(late, patient_out_at=early["patient_in_at"])
    office.tables["operations"] += [good, early]
    before = _night(office)
    late["changed_at"] = CLOCK
    office.tables["operations"] = [
        late if row["operation_id"] == "late" else row for row in office.tables["operations"]
    ]

    after = _night(office)

    assert (late["patient_in_at"].month, early["patient_in_at"].month) == (2, 3)
    assert [c.rule for c in before.checks] == []
    assert [(c.rule, c.rows) for c in after.checks] == [("overlap", 1)]
    assert after.load == "increment"


KILLED = """
    import os, signal, sys
    from datetime import date
    from pathlib import Path

    sys.path.insert(0, {tests!r})
    from small_warehouse import NIGHT, SmallOffice
    from lpe_reports.warehouse.nights import parts
    from lpe_reports.warehouse.extract import extract

    stored = 0
    def link(origin, target, link=parts.link):
        global stored
        stored += 1
        if stored == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        link(origin, target)
    parts.link = link

    office = SmallOffice(Path({root!r}))
    extract(office.project, office.params, as_of=NIGHT)
"""


@pytest.mark.promise(
    "warehouse", "A load that is killed leaves nothing to be seen, and the next one is whole"
)
def test_increment_that_is_killed_leaves_the_night_before(office: SmallOffice) -> None:
    """SIGKILL while parts are linked: nothing is visible, and the next night is whole."""
    first = office.extract(as_of=NIGHT)
    office.tables["operations"][119] |= {"asa": 6, "changed_at": CLOCK}
    office.write()
    script = KILLED.format(tests=str(ROOT / "tests"), root=str(office.root))

    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)

    assert killed.returncode == -signal.SIGKILL
    assert open_extract(office.project).folder == first
    open_extract(office.project).verify()
    table = _night(office)
    night = open_extract(office.project)
    night.verify()
    assert (table.load, table.rows) == ("increment", 120)
    assert {p.name for p in office.project.extracts.iterdir()} == {first.name, night.folder.name}


def test_row_dated_in_the_far_future_hides_no_change(office: SmallOffice) -> None:
    """A clock that was wrong once must not stop the increments until then."""
    office.tables["operations"][3]["changed_at"] = datetime.fromisoformat("2099-01-01 00:00")
    table = _night(office)
    office.tables["operations"][4] |= {"asa": 6, "changed_at": datetime.now() + timedelta(days=2)}  # noqa: DTZ005

    _night(office)

    assert table.watermark is not None
    assert str(table.watermark["time"]) < "2099"
    assert open_extract(office.project).read("operations", where={"asa": 6}).shape[0] == 1


def test_no_part_of_the_spool_is_left(office: SmallOffice) -> None:
    """A night holds its tables, and nothing of the way in which they came."""
    folder = office.extract(as_of=NIGHT)

    assert {p.name for p in folder.iterdir()} == {
        "operations", "keys", "load_log", "manifest.json", "manifest.sha256",
    }  # fmt: skip


@pytest.fixture
def numbered(tmp_path: Path) -> SmallOffice:
    """A source that numbers its changes instead of dating them."""
    rows = [_row(n) | {"changed_at": 1000 + n} for n in range(40)]
    return _office(tmp_path, rows)


def test_changes_may_be_numbered(numbered: SmallOffice) -> None:
    """A row version is a watermark too; it knows no hours to overlap by."""
    first = _night(numbered)
    numbered.tables["operations"][3] |= {"asa": 6, "changed_at": 2000}

    second = _night(numbered)

    assert (first.watermark, second.watermark) == ({"number": 1039}, {"number": 2000})
    assert (second.load, second.fetched, second.rows) == ("increment", 2, 40)


def test_rows_without_a_watermark_are_fetched_every_night(office: SmallOffice) -> None:
    """Nobody knows when they were changed."""
    office.tables["operations"][3]["changed_at"] = None
    _night(office)
    office.tables["operations"][3]["asa"] = 6

    table = _night(office)

    assert (table.load, table.rows) == ("increment", 120)
    assert open_extract(office.project).read("operations", where={"asa": 6}).shape[0] == 1
