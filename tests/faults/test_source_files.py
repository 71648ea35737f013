"""A folder of files: read in every dialect, and each fault told in one sentence."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from ruamel.yaml import YAML

from lpe_reports.errors import ContractError, LpeError, ParamsError, SourceError
from lpe_reports.warehouse.snapshots import Extract, open_extract
from lpe_reports.warehouse.sources import Source
from lpe_reports.warehouse.sources.watermark import Watermark
from lpe_reports.warehouse.tables import TABLES
from small_warehouse import NIGHT, ROOT, SmallOffice, operation, small_office, waiting

pytestmark = pytest.mark.promise(
    "warehouse", "A file that is not as agreed is one clear error, and no number is read from it"
)
DIALECTS = pytest.mark.promise("warehouse", "Files of every dialect give the same night")

Row = dict[str, Any]
Write = Callable[[Any], str]

# The columns of operations in the project's own example of a folder of files.
HEADINGS = {
    "operation_id": "Operations-ID",
    "need_id": "Behovs-ID",
    "patient_key": "Personnummer",
    "operating_unit": "Operationsenhet",
    "theatre": "Sal",
    "vo": "VO",
    "section": "Sektion",
    "patient_home": "Hemsjukhus",
    "surgeon_key": "Operatör",
    "surgeon_home": "Operatörens sjukhus",
    "procedure_code": "KVÅ",
    "asa": "ASA",
    "age": "Ålder",
    "sex": "Kön",
    "urgency": "Prioritet",
    "planned": "Planerad",
    "decided_at": "Beslutsdatum",
    "requested_at": "Anmäld",
    "patient_in_at": "Pat in sal",
    "surgery_start_at": "Op start",
    "knife_start_at": "Knivstart",
    "surgery_end_at": "Op slut",
    "patient_out_at": "Pat ut sal",
}
SWEDISH = {"elective": "Elektiv", "emergency": "Akut", "F": "Kvinna", "M": "Man", None: "(Tom)"}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallOffice:
    """An office that starts with a folder of files: the example of params/sources.yml, cut."""
    monkeypatch.setenv("LPE_KEY_SECRET", "a secret for these tests")
    made = small_office(tmp_path, operations=0)
    (tmp_path / "data" / "inbox").mkdir(parents=True)
    _use(made, "operations")
    return made


def _use(office: SmallOffice, *tables: str, more: str = "") -> None:
    """Keep only some tables of the example, as an office would."""
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    shipped = yaml.load((ROOT / "params" / "sources.yml").read_text(encoding="utf-8"))
    files = shipped["sources"]["files"]
    files["tables"] = {name: files["tables"][name] for name in tables}
    if more:
        files["tables"].update(yaml.load(more))
    out = io.StringIO()
    kept = {"dim_alias": shipped["dim_alias"], "sources": {"files": files}}
    yaml.dump({"default": "files", **kept}, out)
    office.sources(out.getvalue())


def _iso(value: Any) -> str:
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)


def _with_seconds(value: Any) -> str:
    return value.isoformat("T", "seconds") if isinstance(value, datetime) else str(value)


def _day_first(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.day}/{value.month} {value.year} {value:%H:%M}"
    return str(value)


def _rows(count: int = 30) -> list[Row]:
    return [
        {name: value for name, value in operation(n).items() if name in HEADINGS}
        for n in range(count)
    ]


def _csv(rows: list[Row], write: Write = _iso, delimiter: str = ";") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(HEADINGS.values())
    for row in rows:
        values = (row.get(name) for name in HEADINGS)
        writer.writerow([SWEDISH.get(v, write(v)) if v is not True else "Ja" for v in values])
    return out.getvalue().replace("False", "Nej")


def _put(office: SmallOffice, name: str, content: bytes | str, encoding: str = "utf-8") -> Path:
    path = office.root / "data" / "inbox" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def _night(office: SmallOffice, source: str = "files") -> Extract:
    from lpe_reports.warehouse.extract import extract

    extract(office.project, office.params, source, NIGHT)
    return open_extract(office.project)


def _refused(office: SmallOffice, kind: type[LpeError] = SourceError) -> str:
    """The message of a load that is refused; nothing may have become visible."""
    with pytest.raises(kind) as refused:
        _night(office)
    assert not list(office.project.extracts.glob("*"))
    assert not list(office.project.extracts.glob(".unfinished*"))
    return str(refused.value)


@DIALECTS
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("write", [_iso, _with_seconds, _day_first])
def test_csv_of_every_dialect_is_the_same_night(
    office: SmallOffice, encoding: str, write: Write
) -> None:
    """Encodings and spellings of dates leave no trace in what is read."""
    _put(office, "operationer.csv", _csv(_rows(), write), encoding)

    frame = _night(office).read("operations").set_index("patient_in_at").sort_index()

    first = frame.iloc[0]
    assert len(frame) == 30
    assert str(frame.index[0]) == "2026-01-05 08:00:00+01:00"
    assert first[["operating_unit", "vo", "section", "patient_home"]].tolist() == [
        "hu-cop", "ortopedi", "ort", "ga",
    ]  # fmt: skip
    assert (first["urgency"], first["sex"], first["planned"]) == ("elective", "F", True)
    assert frame["planned"].isna().sum() == 10
    assert frame["anaesthesia_staff"].all()
    assert frame["postop_planned"].isna().all()


@DIALECTS
def test_files_that_fit_a_pattern_are_one_table(office: SmallOffice) -> None:
    """Exports per year lie beside each other, each in its own dialect."""
    rows = _rows()
    _put(office, "operationer_2025.csv", _csv(rows[:10], _day_first), "cp1252")
    _put(office, "operationer_2026.csv", "sep=;\r\n" + _csv(rows[10:]))

    assert len(_night(office).read("operations")) == 30


@DIALECTS
def test_waiting_lists_may_come_in_many_files(office: SmallOffice) -> None:
    """Days in any order and in several files; each becomes a stored list."""
    _use(office, "waiting_list")
    header = (
        "Uttagsdatum;Lista;Väntande-ID;Enhet;VO;Sektion;Väntar sedan;Vårdgaranti;Avvikelse;"
        "Bokad till;ASA;KVÅ"
    )
    for name, days in (("b", ["4/5 2026", "2026-05-11"]), ("a", ["2026-05-11", "27/4 2026"])):
        lines = [
            f"{day};Operation;{name}{n};Hu - C-op;Ortopedi;Ort;1/3 2026;Ja;PvV;;-;NGB49"
            for day in days
            for n in range(4)
        ]
        _put(office, f"vantelista_{name}.csv", "\n".join([header, *lines]) + "\n")

    night = _night(office)

    days = night.snapshot_dates("operation")
    assert days == [date(2026, 4, 27), date(2026, 5, 4), NIGHT]
    assert len(night.read("waiting_list", start=NIGHT)) == 8
    assert set(night.read("waiting_list")["deviation"]) == {"pvv"}


@DIALECTS
def test_excel_and_parquet_are_read_too(office: SmallOffice) -> None:
    """Cells with dates, numbers and texts; a Parquet file with its own types."""
    _use(office, "targets", more="waiting_list: {file: lista.parquet}")
    path = office.root / "data" / "inbox" / "plan.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet("Mål"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 0, ["Mått", "Enhet", "Gäller från", "Värde", "Riktning"])
        sheet.write_row(2, 0, ["operations", "Ortopedi"])
        sheet.write_datetime(2, 2, datetime.fromisoformat("2026-01-01"), day)
        sheet.write_row(2, 3, [41.125, "up"])
        sheet.write_row(4, 0, ["open_theatres", "bo-opc", "1/2 2026", "9,5", "up"])
    rows = [waiting(n, "operation", NIGHT) for n in range(5)]
    pd.DataFrame(rows).to_parquet(office.root / "data" / "inbox" / "lista.parquet")

    night = _night(office)

    targets = night.read("targets")
    assert targets["value"].tolist() == [9.5, 41.125]
    assert targets["unit"].tolist() == ["bo-opc", "ortopedi"]
    assert targets["valid_from"].dt.date.tolist() == [date(2026, 2, 1), date(2026, 1, 1)]
    assert len(night.read("waiting_list")) == 5


def test_missing_file_is_told(office: SmallOffice) -> None:
    """Which file, which table, and where to correct it."""
    said = _refused(office)

    assert "data/inbox/operationer*.csv is missing, which table operations" in said
    assert "sources.files.tables.operations.file in params/sources.yml" in said


@pytest.mark.parametrize("outside", ["../share/export", "{}/share/export"])
def test_missing_files_outside_the_project_are_all_told_as_written(
    office: SmallOffice, outside: str
) -> None:
    """With the folder of sources.yml, and every file at once."""
    folder = outside.format(office.root.parent)
    _use(office, "operations", more="needs: {file: behov.csv}")
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    assert "folder: data/inbox" in text
    office.sources(text.replace("folder: data/inbox", f"folder: {folder}"))

    said = _refused(office)

    assert f"{folder}/operationer*.csv is missing, which table operations" in said
    assert f"{folder}/behov.csv is missing, which table needs" in said


def test_missing_column_is_told(office: SmallOffice) -> None:
    """Which column of which file, what there is, and where its name stands."""
    _put(office, "operationer.csv", _csv(_rows()).replace(";Sal;", ";Rum;", 1))

    said = _refused(office)

    assert "data/inbox/operationer.csv has no column 'Sal', which table operations needs" in said
    assert "(it has: Operations-ID, Behovs-ID," in said
    assert "(sources.files.tables.operations.columns)" in said


def test_missing_column_of_a_short_table_is_told(office: SmallOffice) -> None:
    """Columns that a source leaves out on purpose do not make its first line suspicious."""
    path = office.root / "params" / "sources.yml"
    described = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    columns = described["sources"]["files"]["tables"]["operations"]["columns"]
    for name in [name for name in columns if TABLES["operations"].column(name).nullable]:
        del columns[name]
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    out = io.StringIO()
    yaml.dump(described, out)
    office.sources(out.getvalue())
    kept = set(columns.values())
    frame = pd.read_csv(io.StringIO(_csv(_rows())), sep=";", dtype=str)
    short = frame[[name for name in frame if name in kept]].rename(columns={"Sal": "Rum"})
    _put(office, "operationer.csv", short.to_csv(sep=";", index=False))

    assert "(it has: Operations-ID, Personnummer," in _refused(office)


def test_file_without_header_does_not_show_its_first_line(office: SmallOffice) -> None:
    """What stands where the header should be could be a patient."""
    text = _csv(_rows(), str).split("\r\n", 1)[1]
    _put(office, "operationer.csv", text.replace("P0", "19811228-9874"))

    said = _refused(office)

    assert "is its first line the header?" in said
    assert "9874" not in said


@DIALECTS
def test_header_spelt_with_other_case_and_spaces_is_found(office: SmallOffice) -> None:
    """As people correct them by hand."""
    _put(office, "operationer.csv", _csv(_rows()).replace("Pat in sal", " pat  in SAL "))

    assert len(_night(office).read("operations")) == 30


def test_line_with_too_few_fields_is_told(office: SmallOffice) -> None:
    """A file that was cut in the middle of a line: which line, and never what stands in it."""
    text = _csv(_rows())
    _put(office, "operationer.csv", text[: text.rindex(";2026-")])

    said = _refused(office)

    assert "data/inbox/operationer.csv: line 31 has" in said
    assert "where the header has 23" in said
    assert "Hu - C-op" not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty: it has no header line"),
        ("Sal;VO\r\n".encode("utf-16"), "is UTF-16; export it as UTF-8"),
        (b"Sal;VO\r\n\x00\x01\x02", "is not UTF-8 or cp1252"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is not UTF-8 or cp1252"),
    ],
)
def test_file_that_is_no_csv_is_told(office: SmallOffice, content: bytes, said: str) -> None:
    """Empty, in another encoding, or another kind of file altogether."""
    _put(office, "operationer.csv", content)

    assert f"data/inbox/operationer.csv {said}" in _refused(office)


@pytest.mark.parametrize(
    ("delimiter", "said"),
    [
        (",", "is separated by ',', and ';' is agreed"),
        ("\t", "is separated by tabs, and ';' is agreed"),
    ],
)
def test_other_delimiter_than_agreed_is_told(
    office: SmallOffice, delimiter: str, said: str
) -> None:
    """As it is: not as a file without the columns."""
    _put(office, "operationer.csv", _csv(_rows(), delimiter=delimiter))

    told = _refused(office)

    assert f"data/inbox/operationer.csv {said}. Export it so, or set its 'csv: {{delimiter:" in told


@pytest.mark.parametrize(
    ("column", "since", "said"),
    [
        ("Sal", None, "a watermark must be a column of times or of whole numbers"),
        ("Anmäld", Watermark(7), "a watermark that was a whole number is now a time without zone"),
    ],
)
def test_wrong_watermark_is_told_with_its_place(
    office: SmallOffice, column: str, since: Watermark | None, said: str
) -> None:
    """Which column of which file, and which table of which source."""
    _put(office, "operationer.csv", _csv(_rows()))
    entry = office.params.sources.get("files")
    table = entry.tables["operations"].model_copy(update={"watermark": column})
    entry = entry.model_copy(update={"tables": {"operations": table}})

    with (
        Source("files", entry, office.project) as source,
        pytest.raises(SourceError) as refused,
    ):
        list(source.fetch("operations", since=since))

    assert str(refused.value).startswith(
        f"data/inbox/operationer.csv, column '{column}' (source 'files', table operations): {said}"
    )


@DIALECTS
@pytest.mark.parametrize("end", ["", "\r\n", "\r\n\r\n\r\n"])
def test_file_with_a_header_alone_has_no_rows(office: SmallOffice, end: str) -> None:
    """It is no broken file; whether a table may be empty is another question."""
    header = _csv([]).strip()
    with Source("files", office.params.sources.get("files"), office.project) as source:
        _put(office, "operationer.csv", header + end)

        assert sum(batch.num_rows for batch in source.fetch("operations")) == 0
    assert "it has no row at all, and must not be empty" in _refused(office, ContractError)


def test_encoding_other_than_agreed_is_told(office: SmallOffice) -> None:
    """Where params say UTF-8, cp1252 is not guessed."""
    _use(
        office,
        more="operations: {file: operationer.csv, csv: {encoding: utf-8}}",
    )
    _put(office, "operationer.csv", _csv(_rows()), "cp1252")

    said = _refused(office)

    assert "data/inbox/operationer.csv is not utf-8; export it as UTF-8, or set its" in said


@pytest.mark.promise(
    "warehouse",
    "A file of a night that was cut, or has one byte flipped, is found before a number is read",
)
@pytest.mark.parametrize("keep", [0, 3, 100, 0.5, 0.99])
def test_cut_parquet_is_told(office: SmallOffice, keep: float) -> None:
    """Wherever it is cut."""
    _use(office, more="operations: {file: operationer.parquet}")
    path = office.root / "data" / "inbox" / "operationer.parquet"
    pd.DataFrame([operation(n) for n in range(500)]).to_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep if keep > 1 else keep * len(whole))])

    said = _refused(office)

    assert "data/inbox/operationer.parquet cannot be read as Parquet" in said
    assert "it is cut, damaged or something else; write it again" in said


@pytest.mark.parametrize("content", [b"", b"Sal;VO\r\n", b"PK\x03\x04" + bytes(200)])
def test_file_that_is_no_workbook_is_told(office: SmallOffice, content: bytes) -> None:
    """A CSV with the wrong name, an empty file, a cut one."""
    _use(office, "targets")
    _put(office, "plan.xlsx", content)

    assert "data/inbox/plan.xlsx cannot be read as an Excel workbook" in _refused(office)


def test_missing_sheet_is_told_with_those_there_are(office: SmallOffice) -> None:
    """Sheets are renamed by hand."""
    _use(office, "targets")
    with xlsxwriter.Workbook(office.root / "data" / "inbox" / "plan.xlsx") as book:
        book.add_worksheet("Målvärden")

    assert "data/inbox/plan.xlsx has no sheet 'Mål'; it has Målvärden" in _refused(office)


def test_file_of_another_kind_is_told(office: SmallOffice) -> None:
    """By its ending."""
    _use(office, more="operations: {file: operationer.json}")
    _put(office, "operationer.json", "{}")

    assert "is of no kind that can be read: .csv, .xlsx or .parquet" in _refused(office)


def test_wrong_column_map_is_found_by_its_content(office: SmallOffice) -> None:
    """Someone maps the personal number to the theatre: refused, without a number in sight."""
    numbers = ["811228-9874", "640823-3234"]
    rows = _rows()
    for row in rows:
        row["theatre"] = f"Sal {row['operation_id']}"
    rows[0]["theatre"], rows[1]["theatre"] = numbers
    _put(office, "operationer.csv", _csv(rows))

    said = _refused(office, ContractError)

    assert "column theatre looks like personal identity numbers in 2 rows" in said
    assert not any(number in said for number in numbers)


def test_real_source_without_secret_reads_nothing(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a file is opened."""
    monkeypatch.delenv("LPE_KEY_SECRET")

    from lpe_reports.errors import SettingsError

    assert "LPE_KEY_SECRET is not set" in _refused(office, SettingsError)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("patients: {file: a.csv}", "sources.files.tables.patients: no such table; there are"),
        ("load_log: {file: a.csv}", "no such table"),
        ("needs: {file: a.csv, columns: {klinik: K}}", "the contract's table has no column 'klin"),
        ("needs: {file: a.csv, codes: {kön: {K: F}}}", "the contract's table has no column 'kön"),
    ],
)
def test_params_that_name_what_is_not_there_are_told(
    office: SmallOffice, table: str, said: str
) -> None:
    """Tables and columns of the contract, spelt wrongly."""
    _use(office, more=table)

    assert said in _refused(office, ParamsError)


def test_alias_to_no_unit_is_told(office: SmallOffice) -> None:
    """An alias that leads nowhere would set every row aside."""
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("bo-opc", "bo-kop"))
    _put(office, "operationer.csv", _csv(_rows()))

    assert "leads to no unit 'bo-kop'; did you mean 'bo-opc'?" in _refused(office, ParamsError)
