"""What the gate cannot read, or not in bounds, is itself a finding; all else it reads."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import typst

from lpe_reports.publish.documents import APART, Document
from lpe_reports.publish.kinds.archives import Allowance, TooMuchError
from lpe_reports.publish.reading import documents_of, read_document

pytestmark = pytest.mark.promise(
    "disclosure", "What the gate cannot read, or not in bounds, is itself a finding"
)


def _zip(files: dict[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


def _faults(folder: Path, name: str, content: bytes) -> list[tuple[str, str]]:
    (folder / name).write_bytes(content)
    return [(d.name, f.rule) for d in documents_of(folder / name, name) for f in d.faults]


def _locked_zip() -> bytes:
    # The first bit of a member's flags says that it has a password.
    content = bytearray(_zip({"a.csv": b"x"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    return bytes(content)


def _parquet() -> bytes:
    body = io.BytesIO()
    pd.DataFrame({"x": range(1000)}).to_parquet(body)
    return body.getvalue()


NESTED = _zip({"a.zip": _zip({"a.zip": _zip({"a.zip": _zip({"a.csv": b"x"})})})})
FAULTY = [
    ("a.bin", b"x", "kind of file that the gate cannot read"),
    ("a", b"x", "kind of file that the gate cannot read"),
    ("a.png", b"\x89PNG", "kind of file that the gate cannot read"),
    ("a.duckdb", b"x", "kind of file that the gate cannot read"),
    ("a.woff2", b"811228-9874", "damaged file"),
    ("a.pdf", typst.compile(b"x")[:400], "damaged file"),
    ("a.pdf", b"", "damaged file"),
    ("a.xlsx", b"x", "damaged file"),
    ("a.xlsx", _zip({"xl/x.xml": b"\xff"}), "damaged file"),
    ("a.zip", _zip({"a.csv": b"x" * 999})[:-30], "damaged file"),
    ("a.zip", _locked_zip(), "damaged file"),
    ("a.zip", b"811228-9874\n" + _zip({"a.csv": b"x"}), "damaged file"),
    ("a.csv.gz", gzip.compress(b"x" * 9999, mtime=0)[:-9], "damaged file"),
    ("a.parquet", _parquet()[:-9], "damaged file"),
    ("a.json", b'{"a": ', "damaged file"),
    ("a.json", b"[" * 100_000, "damaged file"),
    ("a.html", b"<p>\xff\xfa</p>", "damaged file"),
    ("a.csv", b"a;\0b", "damaged file"),
    ("a.zip", _zip({"a.csv": b"0" * (65 * 1024 * 1024)}), "archive that unpacks to too much"),
    (
        "a.csv.gz",
        gzip.compress(b"0" * (65 * 1024 * 1024), mtime=0),
        "archive that unpacks to too much",
    ),
    ("a.xlsx", _zip({"a.xml": b"0" * (65 * 1024 * 1024)}), "archive that unpacks to too much"),
    ("a.zip", _zip({f"{n}.csv": b"" for n in range(2001)}), "archive that unpacks to too much"),
    ("a.csv", b"0" * (64 * 1024 * 1024 + 1), "file too large to be looked at"),
]


# Named by place: archives hold the time they were made, and names must not change between runs.
@pytest.mark.parametrize(
    ("name", "content", "rule"), FAULTY, ids=[f"{n}-{name}" for n, (name, *_) in enumerate(FAULTY)]
)
def test_what_cannot_be_read_is_a_fault(
    tmp_path: Path, name: str, content: bytes, rule: str
) -> None:
    """Of no known kind, damaged, locked, too large, or an archive that is a bomb."""
    assert _faults(tmp_path, name, content) == [(name, rule)]


def test_archives_are_read_three_deep(tmp_path: Path) -> None:
    """A fourth is a fault of the third; what lies before is read."""
    found = _faults(tmp_path, "a.zip", NESTED)

    assert [rule for _, rule in found] == ["archive too deep in others"]
    assert list(documents_of(tmp_path / "a.zip", "a.zip"))[-1].name == "a.zip: a.zip: a.zip: a.zip"


def test_many_small_bombs_share_one_allowance(tmp_path: Path) -> None:
    """Forty archives of two megabytes each in one are as much as one of eighty."""
    inner = _zip({"a.csv": b"0" * (2 * 1024 * 1024)})
    found = _faults(tmp_path, "a.zip", _zip({f"{n}.zip": inner for n in range(40)}))

    assert {rule for _, rule in found} == {"archive that unpacks to too much"}
    assert len(found) == 9


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.woff2", b"wOF2"),
        ("a.ico", b"\0\0\1\0"),
        ("a.css", b"a{}"),
        ("a.JSON", b"[]"),
        ("a.csv", "\ufeffå;ä".encode()),
        ("a.csv", "å;ä".encode("utf-16")),
        ("a.csv", "å;ä".encode("utf-32")),
        ("a.txt", b""),
        ("a.csv", b""),
        ("a.csv", b"a;b\n"),
    ],
)
def test_other_files_are_read(tmp_path: Path, name: str, content: bytes) -> None:
    """Fonts and icons by how they begin; texts in UTF-8 or with UTF-16's mark."""
    assert _faults(tmp_path, name, content) == []


PDF = typst.compile(
    b"""#set document(title: "Titeln")
#link("https://x.example/a")[dit] #pagebreak() andra
#figure(image(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"9\\" height=\\"9\\"/>"),
  alt: "En kurva \xc3\xb6ver \xe2\x80\x93 veckor"))
#pdf.attach("data.csv", bytes("a;b"), mime-type: "text/csv", description: "d")"""
)


def test_a_pdf_gives_its_text_links_and_files(tmp_path: Path) -> None:
    """Page by page, with its title, a picture's words, where links lead and what is attached."""
    (tmp_path / "a.pdf").write_bytes(PDF)

    document, attached = documents_of(tmp_path / "a.pdf", "a.pdf")

    assert document.faults == []
    assert document.place(document.text.index("andra")) == "page 2"
    assert document.place(document.text.index("En kurva över – veckor")) == "words of a picture"
    assert "Titeln" in document.text
    assert [(r.kind, r.target, r.place) for r in document.references] == [
        ("link", "https://x.example/a", "page 1")
    ]
    assert (attached.name, attached.text) == ("a.pdf: data.csv", "a;b")


def test_a_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    """Tags, attributes, comments and scripts part nothing; cells and paragraphs do."""
    page = (
        '<p>1<b title="x">2</b><!-- y -->3<span>4</span></p><td>5</td><td>6</td><br>7'
        "<script>let z</script>8"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    document = read_document(tmp_path / "a.html", "a.html")
    pieces = [piece for piece in document.text.split(APART) if piece]

    assert pieces == ["1234", "5", "6", "\v7", "8", "x", " y ", "let z"]
    assert document.source == page


def test_data_in_addresses_is_read_as_a_file(tmp_path: Path) -> None:
    """An SVG in an address of a page is a document of its own; a kind not known is a fault."""
    page = '<img alt="x" src="data:image/svg+xml,%3Csvg%3E%3Ctext%3Ehej%3C/text%3E%3C/svg%3E">'
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    _, picture = documents_of(tmp_path / "a.html", "a.html")

    assert (picture.kind, picture.inner, "hej" in picture.text) == (".svg", True, True)
    assert _faults(tmp_path, "b.html", b'<img alt="x" src="data:image/tiff;base64,AAAA">') == [
        ("b.html: data.unknown", "kind of file that the gate cannot read")
    ]


def test_a_workbook_gives_all_of_its_parts(tmp_path: Path) -> None:
    """Comments, names and hints too; what lies in it that is no text is read as a file."""
    parts = {
        "xl/sharedStrings.xml": b"<sst><si><t>delad</t></si></sst>",
        "xl/comments1.xml": b"<comment><text><r><t>en </t></r><r><t>not</t></r></text></comment>",
        "xl/workbook.xml": b'<definedName name="Namnet"/>',
        "xl/media/image1.png": b"\x89PNG",
    }
    (tmp_path / "a.xlsx").write_bytes(_zip(parts))
    book, picture = documents_of(tmp_path / "a.xlsx", "a.xlsx")

    assert all(text in book.text for text in ("delad", "en not", "Namnet"))
    assert [fault.rule for fault in picture.faults] == ["kind of file that the gate cannot read"]


def test_escapes_in_json_and_scripts_are_undone(tmp_path: Path) -> None:
    """A hyphen may be written as \\u002d; the lines stay those of the file."""
    (tmp_path / "a.json").write_text('{"a":\n"x\\u002dy\\nz"}', encoding="utf-8")
    document = read_document(tmp_path / "a.json", "a.json")

    assert document.text == '{"a":\n"x-y z"}'
    assert document.place(document.text.index("y z")) == "line 2"
    assert json.loads(document.source) == {"a": "x-y\nz"}


def test_an_allowance_does_not_trust_what_an_archive_says() -> None:
    """Sizes are counted as they come."""
    allowance = Allowance(10)

    assert allowance.take(io.BytesIO(b"12345")) == b"12345"
    assert allowance.take(io.BytesIO(b"12345")) == b"12345"
    with pytest.raises(TooMuchError):
        allowance.take(io.BytesIO(b"1"))
    assert Document("a").place(0) == "line 1"


def _read(folder: Path, name: str, content: bytes) -> Document:
    (folder / name).write_bytes(content)
    return read_document(folder / name, name)


def test_what_an_archive_notes_of_its_files_is_read(tmp_path: Path) -> None:
    """Folders without files, remarks on files, and the name that a packed file had."""
    body, packed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        info = zipfile.ZipInfo("a.csv")
        info.comment = b"en anm\xc3\xa4rkning"
        archive.writestr(info, "x")
        archive.writestr("mapp/", "")
    with gzip.GzipFile(filename="namnet.csv", mode="wb", fileobj=packed) as file:
        file.write(b"x")

    assert _read(tmp_path, "a.zip", body.getvalue()).text.split(APART) == ["en anmärkning", "mapp/"]
    assert _read(tmp_path, "b.csv.gz", packed.getvalue()).text == "namnet.csv"


def test_what_a_pdf_notes_is_read(tmp_path: Path) -> None:
    """Its notes (XMP), texts that no page shows, remarks, and what stands before and behind."""
    plain = typst.compile(b'#set document(keywords: ("nyckelord",))\nx')
    found = plain.index(b"trailer")
    body = b"FRAMFOR" + plain[:found] + b"%anmarkning\n(\\344rende)<FEFF00E5007200E400720065>\n"
    body += plain[found:] + b"\nBAKOM"

    noted = _read(tmp_path, "a.pdf", body).markup["its objects"]

    for text in ("nyckelord", "anmarkning", "ärende", "åräre", "FRAMFOR", "BAKOM"):
        assert text in noted


def test_a_workbooks_other_parts_are_read(tmp_path: Path) -> None:
    """Remarks, text without markup, names of parts, attributes and formulas; no vocabularies."""
    content = _zip(
        {
            "xl/workbook.xml": b'<a xmlns="http://x.example/"><b url="C:\\temp\\x"/></a>',
            "xl/worksheets/sheet1.xml": b'<w><sheetData><row><c r=\'A1\'><f>"81"&amp;"12"</f></c>'
            b"</row></sheetData><!-- remark --></w>",
            "docProps/custom.xml": b"<p><![CDATA[unread]]></p>",
        }
    )

    document = _read(tmp_path, "a.xlsx", content)

    assert {" remark ", "unread", "xl/workbook.xml"} <= set(document.text.split(APART))
    assert '"8112"' in document.text
    assert "<f>" in document.markup["its part xl/worksheets/sheet1.xml"]
    assert document.markup["its part xl/workbook.xml"] == '<a><b url="C:\\temp\\x"/></a>'


def test_words_in_a_font_are_read(tmp_path: Path) -> None:
    """A file that only begins like one can hold anything."""
    font = _read(tmp_path, "a.woff2", b"wOF2\0\0ett meddelande\0\1")

    assert font.markup == {"its bytes": "ett meddelande"}


def test_a_style_sheets_texts_and_pictures_are_read(tmp_path: Path) -> None:
    """With the characters that it writes as numbers."""
    source = b'a::after{content:"\\68 ej"} b{background:url("data:image/svg+xml;base64,PHN2Zy8+")}'
    (tmp_path / "a.css").write_bytes(source)
    style, picture = documents_of(tmp_path / "a.css", "a.css")

    assert "hej" in style.text
    assert (picture.kind, picture.source) == (".svg", "<svg/>")
