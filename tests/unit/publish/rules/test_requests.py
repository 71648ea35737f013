"""No file asks another host, and no PDF leads where its page does not."""

import zlib

import pytest

from lpe_reports.publish.documents import Document, Reference
from lpe_reports.publish.rules.requests import hidden_requests, links_of_the_pdf_alone

pytestmark = pytest.mark.promise("pages", "No file asks another host")

HOST, ACTS, PICTURE, PDF = (
    "request to another host",
    "element that acts by itself",
    "picture that acts by itself",
    "PDF that acts by itself",
)
FOUND = [
    (".js", "fetch('https://x.example/a')", HOST),
    (".js", 'const a = "//x.example/a.js";', HOST),
    (".js", "import(`https://x.example/a.js`)", HOST),
    (".js", "importScripts('//x.example')", HOST),
    (".js", 'new WebSocket("wss://x.example")', HOST),
    (".js", 'a("ht" + "tps://x.example")', HOST),
    (".js", "a('https:\\u002f\\u002fx.example')", HOST),
    (".js", "a('http://www.w3.org.x.example/2000')", HOST),
    (".js", "fetch(`https://${host}/a`)", HOST),
    (".js", "fetch(`//${host}.example/a`)", HOST),
    (".js", 'fetch(["https:", "", "x.example"].join("/"))', HOST),
    (".js", "import('\\/\\/x.example/a.js')", HOST),
    (".js", 'fetch("https:/x.example/a")', HOST),
    (".js", 'fetch("\\\\\\\\x.example/a")', HOST),
    (".css", "a{background:image-set('https://x.example/a' 1x)}", HOST),
    (".css", "a{background:image-set('https:/x.example/a' 1x)}", HOST),
    (".css", "a{background:url(\\68ttps://x.example/a)}", HOST),
    (".html", "<script>fetch('//x.example')</script>", HOST),
    (".html", "<style>a{fill:src('//x.example')}</style>", HOST),
    (".svg", "<svg><style>a{fill:src('https://x.example')}</style></svg>", HOST),
    (".html", '<base href="https://x.example/">', ACTS),
    (".html", "<meta http-equiv=refresh content='0; url=a.html'>", ACTS),
    (".html", '<link href="a" rel="dns-prefetch">', ACTS),
    (".html", '<link rel="preconnect" href="a">', ACTS),
    (".html", '<a href="a.html" ping="b">a</a>', ACTS),
    (".html", '<iframe srcdoc="a"></iframe>', ACTS),
    (".html", '<script type="speculationrules">{}</script>', ACTS),
    (".svg", "<svg><script>x()</script></svg>", PICTURE),
    (".svg", "<!DOCTYPE svg SYSTEM 'a.dtd'><svg/>", PICTURE),
    (".svg", "<?xml-stylesheet href='a.css'?><svg/>", PICTURE),
    (".svg", "<svg><g onload='x()'/></svg>", PICTURE),
    (".svg", "<svg><a><animate attributeName='href' values='a'/></a></svg>", PICTURE),
    (".pdf", "<</S/Launch/F(a.exe)>>", PDF),
    (".pdf", "<</S/J#61vaScript>>", PDF),
    (".pdf", "<</Type/Catalog/OpenAction<</S/URI/URI(https://x.example)>>>>", PDF),
    (".pdf", "<</S /JavaScript /JS (app.alert)>>", PDF),
    (".pdf", "<</S/SubmitForm>>", PDF),
]
CLEAN = [
    (".js", "fetch('versions.json') // se 5-site; a / b // c"),
    (".js", "document.createElementNS('http://www.w3.org/2000/svg', 'g')"),
    (".js", 'location.protocol.startsWith("http"); x = "a//b"; y = `${a}//${b}`'),
    (".css", "@font-face{src:url(Inter.woff2)} /* streck // streck */ a{background:url('data:,')}"),
    (
        ".css",
        "a{background:url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\")}",
    ),
    (".html", '<a href="https://www.digg.se/tdosanmalan">Digg</a> ping= <p>https://x.example</p>'),
    (".html", '<meta charset="utf-8"><link rel="stylesheet" href="a.css">'),
    (".svg", '<svg xmlns="http://www.w3.org/2000/svg"><style>a{fill:url(#a)}</style></svg>'),
    (".html", '<a href="a.html" title="x ping=y">a</a>'),
    (".pdf", "1 0 obj <</Length 9>>\nstream\n/S/Launch\nendstream endobj"),
    (".svg", '<?xml version="1.0"?><svg><text>on x = 1, script</text></svg>'),
    (".js", 'x.replace("\\\\s", "\\\\.") + `\\\\d${a}` + "http"'),
    (".pdf", "<</S/URI/URI(https://x.example)>> <</S/GoTo/D[1 0 R]>> /JSON /S/Link"),
]


def rules(kind: str, source: str) -> list[str]:
    """The rules that a file breaks."""
    content = source.encode()
    document = Document("a", kind, source="" if kind == ".pdf" else source, content=content)
    return [fault.rule for fault in hidden_requests(document)]


@pytest.mark.parametrize(("kind", "source", "rule"), FOUND)
def test_what_asks_another_host_is_found(kind: str, source: str, rule: str) -> None:
    """In texts of scripts, in style sheets, by elements that act, and in PDFs."""
    assert set(rules(kind, source)) == {rule}


@pytest.mark.parametrize(("kind", "source"), CLEAN)
def test_what_asks_nobody_is_let_through(kind: str, source: str) -> None:
    """Names of vocabularies, links that a reader follows, and what lies in the site itself."""
    assert rules(kind, source) == []


def test_packed_objects_of_a_pdf_are_looked_at() -> None:
    """As Acrobat and others write them."""
    packed = zlib.compress(b"1 0 <</S/JavaScript/JS(x)>>")
    head = b"%PDF-1.7\n5 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>\nstream\n"
    content = head + packed + b"\nendstream\nendobj\n"

    found = list(hidden_requests(Document("a.pdf", ".pdf", content=content)))

    assert {fault.rule for fault in found} == {PDF}


def test_a_pdf_leads_where_its_page_leads_and_by_mail() -> None:
    """Any other address is found, with its page in the PDF."""
    page = Document("a.html", ".html", references=[Reference("link", "https://www.digg.se/x")])
    pdf = Document("a.pdf", ".pdf")
    pdf.references = [
        Reference("link", target, "page 1")
        for target in ("https://www.digg.se/x/", "mailto:a@example.invalid", "https://x.example/")
    ]

    found = list(links_of_the_pdf_alone({"a.html": page, "a.pdf": pdf}))

    assert [(name, fault.place) for name, fault in found] == [("a.pdf", "page 1")]


@pytest.mark.parametrize(
    ("part", "markup", "rule"),
    [
        ("xl/worksheets/sheet1.xml", "<f>WEBSERVICE(A1)</f>", "workbook that leads outside"),
        ("xl/worksheets/sheet1.xml", '<f t="x">HYPERLINK("a")</f>', "workbook that leads outside"),
        ("xl/worksheets/sheet1.xml", "<f>cmd|'/c calc'!A0</f>", "workbook that leads outside"),
        ("xl/worksheets/sheet1.xml", "<f>SUM([1]Blad1!A1)</f>", "workbook that leads outside"),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            '<Relationship Target="https://x.example" TargetMode="External"/>',
            "workbook that leads outside",
        ),
        ("xl/connections.xml", "<connections/>", "workbook that asks for data"),
        ("xl/worksheets/sheet1.xml", "<f>SUM(A1:A9)</f><v>3</v>", None),
    ],
)
def test_a_workbook_holds_its_own_data(part: str, markup: str, rule: str | None) -> None:
    """No formula that fetches, starts or leads to something, and no part that says where to."""
    document = Document("a.xlsx", ".xlsx", markup={f"its part {part}": markup})

    assert [fault.rule for fault in hidden_requests(document)] == ([rule] if rule else [])
