"""No stray quotation mark in a CSV file swallows rows without a word."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports.errors import SourceError
from lpe_reports.params.sources import CsvDialect
from lpe_reports.warehouse.sources.csv_file import CsvFile

pytestmark = pytest.mark.promise(
    "warehouse", "No stray quotation mark in a CSV file swallows rows without a word"
)

ROWS = [f"O{n};Sal {n % 3};Anna;2026-05-18" for n in range(100)]
Cells = list[list[str | None]]


def _read(path: Path, text: str | bytes, **dialect: object) -> Cells:
    """The rows that a file's reader gives."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    file = CsvFile(path, "inbox/operationer.csv", CsvDialect.model_validate(dialect))
    batches = file.batches(range(len(file.columns())))
    return [list(row.values()) for batch in batches for row in batch.to_pylist()]


def _refused(path: Path, text: str, **dialect: object) -> str:
    with pytest.raises(SourceError) as refused:
        _read(path, text, **dialect)
    assert "Anna" not in str(refused.value)
    return str(refused.value)


def _file(changed: dict[int, str], end: str = "\n") -> str:
    rows = [changed.get(n, row) for n, row in enumerate(ROWS)]
    return end.join(["id;sal;namn;dag", *rows, ""])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "changed",
    [
        {9: 'O9;Sal 0;Anna;"Postop'},
        {9: 'O9;Sal 0;Anna;"Postop', 59: 'O59;Sal 2;Anna;IVA"'},
        {9: 'O9;"Sal 0;Anna;2026-05-18', 10: 'O10;Sal";Anna;2026-05-18'},
        {9: '"O9;Sal 0;Anna;2026-05-18'},
        {9: 'O9;"Sal;0";Anna;"'},
    ],
)
def test_mark_that_is_not_closed_in_its_line_is_refused(
    tmp_path: Path, changed: dict[int, str], end: str
) -> None:
    """Never closed, closed fifty lines on, closed in the next line's same column."""
    said = _refused(tmp_path / "a.csv", _file(changed, end))

    assert said == (
        "inbox/operationer.csv: line 11 has a field that begins with a quotation mark and is not "
        "closed in that line: it would swallow the rows after it. Take the mark away, or export "
        "the file again; if fields may hold line breaks, set 'csv: {line_breaks: true}' in "
        "params/sources.yml"
    )


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_mark_in_the_last_line_is_found_too(tmp_path: Path, delimiter: str) -> None:
    """With no line end after it, whatever stands between fields."""
    text = 'id;sal\nO1;"Sal;1"\nO2;"Sal'.replace(";", delimiter)

    assert "line 3 has a field that begins" in _refused(
        tmp_path / "a.csv", text, delimiter=delimiter
    )


def test_text_after_a_closed_field_is_refused(tmp_path: Path) -> None:
    """Marks inside a field that nobody doubled: where the field ends cannot be known."""
    said = _refused(tmp_path / "a.csv", _file({4: 'O4;"Sal "röd" 1";Anna;2026-05-18'}))

    assert "line 6 has a field that begins with a quotation mark and goes on after" in said


def test_mark_inside_a_field_without_marks_is_text(tmp_path: Path) -> None:
    """As in inches."""
    rows = _read(tmp_path / "a.csv", _file({4: 'O4;Sal 5" A;Anna;2026-05-18'}))

    assert len(rows) == 100
    assert rows[4] == ["O4", 'Sal 5" A', "Anna", "2026-05-18"]


def test_line_breaks_are_read_where_they_are_agreed(tmp_path: Path) -> None:
    """In the header too, and before a mark that is doubled."""
    text = '"id\nnr";sal;namn;dag\r\nO1;"Sal\r\n""1"";\nB";Anna;"2026-05-18"\r\nO2;Sal 2;Anna;'

    rows = _read(tmp_path / "a.csv", text, line_breaks=True)

    assert rows == [["O1", 'Sal\r\n"1";\nB', "Anna", "2026-05-18"], ["O2", "Sal 2", "Anna", None]]


def test_mark_that_is_never_closed_is_refused_where_line_breaks_are_agreed(tmp_path: Path) -> None:
    """With the line in which it stands."""
    changed = {3: 'O3;"Sal\n3";Anna;', 9: 'O9;Sal 0;Anna;"Postop'}

    said = _refused(tmp_path / "a.csv", _file(changed), line_breaks=True)

    assert "line 12 has a field that begins with a quotation mark and is never closed" in said


@pytest.mark.parametrize(
    "changed",
    [
        {9: 'O9;Sal 0;Anna;"Postop', 59: 'O59;Sal 2;Anna;IVA"'},
        {9: 'O9;"Sal 0;Anna;2026-05-18', 10: 'O10;Sal";Anna;2026-05-18'},
    ],
)
def test_field_that_holds_whole_rows_is_refused_where_line_breaks_are_agreed(
    tmp_path: Path, changed: dict[int, str]
) -> None:
    """Two stray marks in one column leave the number of fields as it was."""
    said = _refused(tmp_path / "a.csv", _file(changed), line_breaks=True)

    assert "line 11 has a field that begins with a quotation mark, goes on in the next" in said


@pytest.mark.parametrize("line_breaks", [False, True])
def test_marks_are_found_across_blocks(tmp_path: Path, line_breaks: bool) -> None:
    """Files are read some megabytes at a time; the line is still counted from the top."""
    rows = [
        f'O{n};"Sal ""{n % 3}""";Anna Andersson{" " * 99};2026-05-18\r\n' for n in range(60_000)
    ]
    head = "id;sal;namn;dag\r\n"

    assert len(_read(tmp_path / "a.csv", head + "".join(rows), line_breaks=line_breaks)) == 60_000
    rows[50_000] = 'O1;"Sal;Anna;2026-05-18\r\n'
    del rows[50_001:]
    said = _refused(tmp_path / "a.csv", head + "".join(rows), line_breaks=line_breaks)
    assert "line 50002 has" in said


_TEXT = st.text(st.sampled_from('a";,\n\r å'), max_size=6)


@drawn(100)
@given(
    rows=st.lists(st.lists(_TEXT, min_size=6, max_size=6), min_size=1, max_size=5),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_a_writer_of_csv_makes_is_never_misread(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], quoting: int
) -> None:
    """It is read as it was written, or refused."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([list("abcdef"), *rows])
    path = tmp_path_factory.getbasetemp() / "written.csv"
    broken = any("\n" in cell or "\r" in cell for row in rows for cell in row)
    filled = any(cell.count(";") >= 5 for row in rows for cell in row)

    if broken:
        with pytest.raises(SourceError):
            _read(path, out.getvalue())
    if not filled:
        expected = [[cell or None for cell in row] for row in rows]
        assert _read(path, out.getvalue(), line_breaks=True) == expected
