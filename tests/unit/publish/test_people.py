"""Personal numbers are found however they are written and wherever they lie; others are not."""

import gzip
import io
import json
import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import typst
import xlsxwriter

from clean_pages import clean_page
from lpe_reports.publish.masking import masked
from lpe_reports.publish.reading import documents_of
from lpe_reports.publish.rules.people import personal_numbers, rekeyed_ids
from planted_numbers import FORMS, KINDS, number
from reliability.trials import Tried

pytestmark = pytest.mark.promise(
    "disclosure", "The gate finds a personal number or a key in whatever form and file"
)
CLEAN = pytest.mark.promise("disclosure", "The gate raises no alarm over a clean page")

# A narrow column breaks the first four into two lines with nothing beside them; a font draws the
# joiner of the next in place of the hyphen, so that the PDF has none.
NOT_FOUND = {
    ("bare ten, in a sentence", "pdf lines"),
    ("ten, dot, with its word", "pdf lines"),
    ("pairs, with its word", "pdf lines"),
    ("digit by digit, with its word", "pdf lines"),
    ("zero-width inside", "pdf chart"),
}
# In markup that nobody reads only a number with a dash or its century is told from others.
NOT_IN_MARKUP = {
    "ten, space", "ten, no-break space", "ten, en dash between spaces", "twelve, space",
    "full-width", "zero-width inside", "last four in pairs", "ten, dot, with its word",
    "ten, slash, with its word", "ten, underscore, with its word", "pairs, with its word",
    "digit by digit, with its word", "parted by markup", "bare ten, with its word",
    "bare ten, in a sentence",
}  # fmt: skip


def _places(folder: Path, name: str, content: bytes | str) -> list[str]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    documents = list(documents_of(path, name))
    assert [fault for document in documents for fault in document.faults] == []
    return [fault.place for document in documents for fault in personal_numbers(document)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_is_found_in_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    """Ten and twelve digits, dashes, spaces, full-width, split by markup, packed or escaped."""
    chance = random.Random(kind)
    name, make = KINDS[kind]

    missed = {
        form
        for form, write in FORMS.items()
        if not _places(tmp_path, name, make(write(number(chance))))
    }

    unread = NOT_IN_MARKUP if kind == "html class" else set()
    assert missed == {form for form, where in NOT_FOUND if where == kind} | unread


@CLEAN
def test_thousand_clean_pages_raise_no_alarm(tmp_path: Path, tried: Tried) -> None:
    """Random numbers of ten digits where reports have numbers: cells, axes, key figures, JSON."""
    chance = random.Random(5)
    alarms = [
        place
        for _ in range(1000)
        for suffix, text in clean_page(chance).items()
        for place in _places(tmp_path, f"a{suffix}", text)
    ]

    assert alarms == []
    tried(1000, "clean pages")


@pytest.mark.parametrize(
    "written",
    [
        "1981-12-28-9874",
        "1981-12-28 9874",
        "81 12 28-9874",
        "1981 12 28 – 9874",
        "811228 - 9874",
        "811228-<br>9874",
        "811228\n9874",
        "pnr811228-9874",
        "(811228-9874)",
        "811228−9874.",
        "811228&#8209;9874",
        "811228&nbsp;9874",
        "811228&shy;9874",
        "811228\t9874",
        "811228  9874",
        "811228<br>9874",
        "811228/9874",
        "811228.9874",
        "811228·9874",
        "811228_9874",
        "81 12 28 9874",
        "8 1 1 2 2 8 - 9 8 7 4",
        "811228-98 74",
        "1981/12/28-9874",
        "1981.12.28-9874",
        "2005-03-14-1236",
        "2005-03-14 1236",
        "2024-12-28-9874",
        "ID811228-9874",
        "pnr8112289874",
        "1.98112289874E11",
        "<svg role='img' aria-label='x'>SVG</svg>",
        "<time datetime='811228-9874'>då</time>",
        "<q cite='https://x.example/811228-9874'>då</q>",
        "<a rel='811228-9874' href='a.html'>då</a>",
        "<a href='?%38%31%31228-9874'>då</a>",
        "<b class='rad811228-9874'>då</b>",
        "<b data-x='ODExMjI4LTk4NzQ='>då</b>",
        "<![CDATA[811228-9874]]>",
        "<?sida 811228-9874?>",
        '<script type=\'application/json\'>{"a": "811228\\u002d9874"}</script>',
        "patienten, 20260511-0838",
    ],
)
def test_rarer_forms_are_found_in_a_page(tmp_path: Path, written: str) -> None:
    """Dates with their own dashes, broken lines, entities, words that touch the number."""
    digits = "".join(f"<text x='{n}'>{digit}</text>" for n, digit in enumerate("811228-9874"))
    written = written.replace("SVG", digits)

    assert _places(tmp_path, "a.html", f"<p>Se {written}</p>") == ["line 1"]


@CLEAN
@pytest.mark.parametrize(
    "written",
    [
        "2024-12-28-0832",
        "20260511-0838",
        "202605110838",
        "811228-9873",
        "811328-9874",
        "12 811228 9874",
        "811228 9874 12",
        "1-811228-9874",
        "0.811228-9874",
        "ab811228-9874",
        "a0811228-9874-4e1f",
        "811228</p><p>-9874",
        "811228</td><td>9874",
        "811228;9874",
        "2019–2023",
        "2026-05-11 07:45",
        "1 811 228 9 874",
        "c811228-9874 3f811228-9874",
        "12 81 12 28 9874",
        "81 12 28 9874 12",
        "<svg aria-label='x'><path d='M811228-9874'/></svg>",
        "<svg aria-label='x'>" + "".join(f"<text>{n}</text>" for n in "8112289874") + "</svg>",
        "<b class='r198112289873'>då</b>",
        "1.98112289873E11",
    ],
)
def test_what_looks_alike_is_left_alone(tmp_path: Path, written: str) -> None:
    """Times, wrong digits, rows of numbers, pieces of longer ones, digits of two cells."""
    assert _places(tmp_path, "a.html", f"<p>Se {written}</p>") == []


def _cell(heading: str, value: str, other: str = "119") -> str:
    rows = f"<tr><td>Gä</td><td>{other}</td></tr><tr><td>Hu</td><td>{value}</td></tr>"
    return f"<table><tr><th>Enhet</th><th>{heading}</th></tr>{rows}</table>"


BARE = "8112289874"


@pytest.mark.parametrize(
    "markup",
    [
        _cell("Personnummer", BARE),
        _cell("Patient", BARE),
        _cell("Patient-id", BARE),
        _cell("Not", BARE, other="sal 3"),
        f"<dl><dt>Pnr</dt><dd>{BARE}</dd></dl>",
        f"<p>Patienten ({BARE}) flyttades.</p>",
        f"<p>Telefon 0650-92000, född {BARE}.</p>",
        f"<p>Samordningsnr: {BARE}</p>",
        f"<p data-person-id='{BARE}'>x</p>",
        f"<td>{BARE}</td>",
        f"<p>{BARE}</p>",
    ],
)
def test_ten_bare_digits_are_found_by_what_stands_beside_them(tmp_path: Path, markup: str) -> None:
    """A word for a person in the text, the heading or the label; or a text among texts."""
    assert _places(tmp_path, "a.html", markup) == ["line 1"]


@CLEAN
@pytest.mark.parametrize(
    "markup",
    [
        _cell("Operationer", BARE),
        _cell("Patienter", BARE),
        _cell("Organisationsnummer", BARE, other="x"),
        f"<dl><dt>Väntande patienter</dt><dd>{BARE}</dd></dl>",
        f"<p>Ring {BARE}.</p>",
        f"<p>Diarienummer {BARE}</p>",
        f"<p>Bankgiro: {BARE}</p>",
        f"<p>I snitt {BARE} minuter per patient.</p>",
        f"<p>Digest sha256 {BARE}</p>",
        f'<svg><path d="M{BARE},1"/><text>0</text><text>{BARE}</text></svg>',
        f"<p>a{BARE}f 0.{BARE} {BARE}.25 1-{BARE} {BARE}12</p>",
        f"<script>let x = {BARE};</script>",
        "".join(f"<p>Nummer {BARE[:-2]}{n:02d} i listan</p>" for n in range(70, 80)),
    ],
)
def test_ten_bare_digits_among_numbers_are_none(tmp_path: Path, markup: str) -> None:
    """Counts, axes, coordinates, telephones, digests; a sequence of which one must be right."""
    assert _places(tmp_path, "a.html", markup) == []


def test_several_bare_numbers_are_more_than_chance_gives(tmp_path: Path) -> None:
    """Among numbers and without a word: two of two, and five of fifty, but not one of fifty."""
    chance = random.Random(2)
    valid = [number(chance)[2:] for _ in range(5)]
    others = [f"{chance.randrange(10**9, 10**10)}" for _ in range(45)]

    def found(numbers: list[str]) -> int:
        return len(_places(tmp_path, "a.json", json.dumps({"x": [int(n) for n in numbers]})))

    assert found([n for n in valid if n[0] != "0"][:2]) == 2
    assert found([*valid, *others]) >= 4
    assert found([*valid[:1], *others]) == 0


def test_a_number_in_two_cells_is_found_when_the_table_says_what_they_are(tmp_path: Path) -> None:
    """Its date and its last four beside each other, by their headings or as all of several do."""
    chance = random.Random(9)
    people = [number(chance) for _ in range(6)]
    rows = "".join(f"{n[:8]};{n[8:]}\n" for n in people)
    others = "".join(f"202605{day:02d};{chance.randrange(1000, 9999)}\n" for day in range(1, 29))

    assert _places(tmp_path, "a.csv", "Född;Sista fyra\n811228;9874\n") == ["line 2"]
    assert _places(tmp_path, "a.csv", "a;b\n811228;9874\n") == []
    assert len(_places(tmp_path, "a.csv", f"a;b\n{rows}")) == 6
    assert _places(tmp_path, "a.csv", f"a;b\n{others}{rows[:14]}") == []
    assert _places(tmp_path, "a.csv", f"Dag;Födda\n{others}") == []


def test_a_floats_decimals_are_no_last_four(tmp_path: Path) -> None:
    """A typed number is one; the same as a text beside a word for a person is not."""
    assert _places(tmp_path, "a.json", '{"patient_days": [811228.9874, 3.5]}') == []
    assert _places(tmp_path, "a.json", '{"not": "patient 811228.9874"}') == ["line 1"]


def test_a_number_with_an_exponent_is_found_under_its_heading(tmp_path: Path) -> None:
    """As spreadsheets and programs write large numbers."""
    assert _places(tmp_path, "a.csv", "personnummer;b\n8,112289874E+09;1\n") == ["line 2"]
    assert _places(tmp_path, "a.csv", "personnummer;b\n8112289874.0;1\n") == ["line 2"]
    assert _places(tmp_path, "a.csv", "minuter;b\n8,112289874E+09;1\n") == []
    assert _places(tmp_path, "a.json", '{"personnummer": 8.112289874e9}') != []


def test_numbers_under_their_heading_are_found_as_numbers(tmp_path: Path) -> None:
    """In JSON, workbooks and Parquet; also one that lost the zeros that it began with."""
    values = [8112289874, 119, 101010106]
    frame = pd.DataFrame({"unit": list("abc"), "pnr": values})
    book, table = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Vecka")
        sheet.write_column(0, 2, ["Personnummer", *values])
    frame.to_parquet(table)
    content = {"columns": ["unit", "pnr"], "rows": frame.to_numpy().tolist()}

    assert _places(tmp_path, "a.xlsx", book.getvalue()) == [
        "sheet Vecka, cell C2",
        "sheet Vecka, cell C4",
    ]
    assert _places(tmp_path, "a.parquet", table.getvalue()) == ["column pnr"] * 2
    assert len(_places(tmp_path, "a.json", json.dumps(content))) == 2
    assert len(_places(tmp_path, "b.json", frame.to_json(orient="records"))) == 2
    assert _places(tmp_path, "a.csv", frame.to_csv(sep=";", index=False)) == ["line 2", "line 4"]


def test_places_are_told(tmp_path: Path) -> None:
    """Line, cell, page of a PDF, and the file inside an archive; attributes have lines too."""
    html = "<p>a</p>\n<p\n title='811228-9874'>x\n<b>811228</b>\n-9874</p>\n<!-- \n811228-9874 -->"
    pdf = typst.compile(b"a #pagebreak() 811228-9874")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("inre.csv.gz", gzip.compress(b"a\n811228-9874\n"))
    (tmp_path / "a.zip").write_bytes(archive.getvalue())

    assert _places(tmp_path, "a.html", html) == ["line 4", "line 2", "line 7"]
    assert _places(tmp_path, "a.pdf", pdf) == ["page 2"]
    assert [
        (document.name, fault.place)
        for document in documents_of(tmp_path / "a.zip", "a.zip")
        for fault in personal_numbers(document)
    ] == [("a.zip: inre.csv.gz: inre.csv", "line 2")]


def test_a_name_that_holds_a_number_is_not_repeated(tmp_path: Path) -> None:
    """Of the file, of a folder, percent-coded or without its hyphen."""
    assert _places(tmp_path, "811228-9874.csv", "a\n") == ["its name"]
    assert _places(tmp_path, "8112289874.csv", "a\n") == ["its name"]
    assert _places(tmp_path, "811228%2D9874.csv", "a\n") == ["its name"]
    (tmp_path / "198112289874").mkdir()
    assert _places(tmp_path, "198112289874/a.csv", "a\n") == ["its name"]
    assert _places(tmp_path, "20260511-0838.csv", "a\n") == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("b/811228-9874.csv", "b/….csv"),
        ("b/81 12 28-9874 nr.csv.gz", "b/….csv.gz"),
        ("2005-03-14-1236/a.csv", "…/a.csv"),
        ("811228%2D9874.csv", "….csv"),
        ("b/pt_abcdefghijklmnopabcd.csv", "b/….csv"),
        ("b/rad_PT_ABCDEFGHIJKLMNOPABCD_2.csv", "b/….csv"),
        ("b/password=hemligt9ord.csv", "b/….csv"),
        ("a.zip: 811228 9874/x.csv", "a.zip: …/x.csv"),
        ("sheet 8112289874, cell A1", "sheet …, cell A1"),
        ("column pt 1981.12.28-9874", "column …"),
        ("its part xl/811228-9874.xml", "its part xl/….xml"),
        ("line 123456", "line …"),
        ("jamlik-vard/hft/2024-05.html", "jamlik-vard/hft/2024-05.html"),
        ("a/2026-W12--2026-W21/b.csv", "a/2026-W12--2026-W21/b.csv"),
        ("assets/site.c2b30c4d9c.js", "assets/site.c2b30c4d9c.js"),
    ],
)
def test_names_and_places_are_told_without_what_was_found(name: str, told: str) -> None:
    """No number, key or password, nor a part of one; a page's address stays as it is."""
    assert masked(name) == told


KEY = "pt_abcdefghijklmnopabcd"


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{KEY}</p>",
        f"<p>rad_{KEY.upper()}</p>",
        f"<p id='{KEY}'>x</p>",
        f"<p class='n {KEY}'>x</p>",
        f"<a href='?p={KEY}'>x</a>",
        f"<svg aria-label='x'><g class='{KEY}'/></svg>",
    ],
)
def test_rekeyed_ids_are_found_wherever_they_stand(tmp_path: Path, markup: str) -> None:
    """In texts, ids, classes and addresses; and in the names of files."""
    (tmp_path / "a.html").write_text(markup, encoding="utf-8")
    (tmp_path / f"{KEY}.csv").write_text("a", encoding="utf-8")
    (page,) = documents_of(tmp_path / "a.html", "a.html")
    (file,) = documents_of(tmp_path / f"{KEY}.csv", f"b/{KEY}.csv")

    assert [fault.place for fault in rekeyed_ids(page)] == ["line 1"]
    assert [fault.place for fault in rekeyed_ids(file)] == ["its name"]
