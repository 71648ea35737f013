"""The gate finds what must not leave, and lets clean pages through."""

import json
import os
import random
import re
import shutil
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lpe_reports.errors import GateError
from lpe_reports.publish import inspecting
from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.gate import inspect, pass_gate
from lpe_reports.publish.rules.chosen import Rules
from lpe_reports.publish.rules.people import personal_numbers
from lpe_reports.settings import Project
from reliability.trials import Tried

pytestmark = pytest.mark.promise(
    "disclosure",
    "What the gate finds stops the night, and is named without its value",
)
QUIET = pytest.mark.promise("disclosure", "The gate raises no alarm over a clean page")

CLEAN = """<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Sida</title>
<link rel="stylesheet" href="../assets/site.1.css"><script src="../assets/site.js" defer></script>
</head><body><h1 id="topp">Ortopedi, vecka 19 2026</h1>
<p>46 operationer, 70,5 % inom 90 dagar. <a href="#topp">Upp</a> <a href="2.html#mitten">Nästa</a>
<a href="../index.html">Hem</a> <a href="./">Alla</a> <a href="1.csv" download>CSV</a>
<a href="https://www.digg.se/tdosanmalan">Digg</a> <a href="mailto:a@example.invalid">Fel?</a></p>
<svg role="img" aria-label="En kurva"><g><svg></svg></g><path d="M0,0L1912121212,1"/></svg>
<svg aria-hidden="true"></svg><svg><title>N</title></svg><img src="a.svg" alt><a href="#top">A</a>
</body></html>"""

PAGE = (
    '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Sida</title></head>'
    "<body>{}</body></html>"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose candidate has a few clean pages and their files."""
    made = Project(tmp_path / "project-of-the-office")
    files = {
        "index.html": "<h1>Start</h1>",
        "a/index.html": "<h1>A</h1>",
        "a/1.html": CLEAN,
        "a/2.html": '<h2 id="mitten">M</h2>',
        "a/1.csv": "vecka;antal\n2026-W19;46\n",
        "a/a.svg": "<svg><path d='M0,0'/></svg>",
        "assets/site.1.css": "@font-face{src:url(Inter.ttf)} a{background:url('data:,')}",
        "assets/Inter.ttf": "\0\1\0\0",
        "assets/site.js": "fetch('versions.json')",
    }
    for name, text in files.items():
        _write(made, name, text)
    return made


def _write(project: Project, name: str, text: str) -> None:
    path = project.candidate / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".html" and not text.startswith("<!DOCTYPE"):
        text = PAGE.format(text)
    path.write_text(text, encoding="utf-8")


@QUIET
def test_clean_pages_pass(project: Project) -> None:
    """Links to other sites, decoration, nested pictures and long coordinates are no findings."""
    assert inspect(project.candidate, project) == []
    pass_gate(project.candidate, project)


PLANTED = [
    ('<a href="3.html">', "broken link"),
    ('<a href="../../outside.html">', "broken link"),
    ('<a href="/a/1.html">', "broken link"),
    ('<img alt="" src="gone.png">', "broken link"),
    ('<a href="2.html#borta">', "link to a place that the page does not have"),
    ('<a href="#borta">', "link to a place that the page does not have"),
    ('<script src="https://cdn.example/x.js"></script>', "request to another host"),
    ('<script src="//cdn.example/x.js"></script>', "request to another host"),
    ('<link rel="preconnect" href="https://fonts.example">', "request to another host"),
    ('<img alt="" srcset="a.svg 1x, https://x.example/a 2x">', "request to another host"),
    ("<style>@import 'https://x.example/a.css';</style>", "request to another host"),
    ('<p style="background:url(https://x.example/a)">', "request to another host"),
    ('<form action="https://x.example/">', "request to another host"),
    ('<svg aria-label="x"><image href="http://x.example/a"/></svg>', "request to another host"),
    ('<meta http-equiv="refresh" content="0; url=https://x.example">', "request to another host"),
    ('<a href="javascript:alert(1)">', "request to another host"),
    ("<td>19121212-1212</td>", "personal identity number"),
    ("<td>191212121212</td>", "personal identity number"),
    ("<td>121212+1212</td>", "personal identity number"),
    ('<td class="n">121212-1212</td>', "personal identity number"),
    ('<text x="1" fill="red"><tspan>121212</tspan>-1212</text>', "personal identity number"),
    ('<rect fill="url(https://x.example/a)"/>', "request to another host"),
    ("<p>12<b>1212</b>-<i>1212</i></p>", "personal identity number"),
    ('<p title="121212-1212">', "personal identity number"),
    ("<!-- 121212-1212 -->", "personal identity number"),
    ("<svg role='img' aria-label='x'><text>121272-1219</text></svg>", "personal identity number"),
    ("<td>pt_abcdefghijklmnopabcd</td>", "re-keyed id"),
    ('<tr data-key="op_abcdefghijklmnopabcd">', "re-keyed id"),
    ("<pre>Traceback (most recent call last)</pre>", "traceback"),
    ("<pre>File &quot;x.py&quot;, line 3, in y</pre>", "traceback"),
    ("<p>/home/anna/rapport.ipynb</p>", "path of a machine"),
    ("<p>C:\\Users\\anna</p>", "path of a machine"),
    ("<p>\\\\server\\delad$</p>", "path of a machine"),
    ('<a href="file:///srv/x">', "path of a machine"),
    ("<p>PROJECT/build</p>", "path of a machine"),
    ('<img src="a.svg">', "picture without words"),
    ("<svg><path/></svg>", "picture without words"),
    ('<svg aria-label=" "><path/></svg>', "picture without words"),
    ("<svg><title> </title><path/></svg>", "picture without words"),
    ('<img src="a.svg" alt="  ">', "picture without words"),
    ("<img src='a.svg' alt='Bild 2'>", "picture whose words say nothing"),
    ('<svg role="img" aria-label="diagram"><path/></svg>', "picture whose words say nothing"),
    ('<link rel="alternate stylesheet" href="https://x.example/a">', "request to another host"),
    ('<link rel="help modulepreload" href="https://x.example/a">', "request to another host"),
    ('<img alt="x" src="a.svg" imagesrcset="//x.example/a 1x">', "request to another host"),
    (
        '<svg aria-label="x"><image href="a.svg"><set attributeName="href" '
        'to="https://x.example/a"/></image></svg>',
        "request to another host",
    ),
    ("<pre>KeyError: 'anna'</pre>", "traceback"),
    ("<p>sökväg:/home/anna/x</p>", "path of a machine"),
    ("<p>C:/Users/anna/x</p>", "path of a machine"),
    ("<p>/Volumes/anna/x</p>", "path of a machine"),
    ("<p>/data/anna/x.parquet</p>", "path of a machine"),
    ('<p class="PROJECT">', "path of a machine"),
]


@pytest.mark.parametrize(("markup", "rule"), PLANTED)
def test_each_planted_fault_is_found_on_its_page(project: Project, markup: str, rule: str) -> None:
    """Page, rule and count; the value is nowhere in what the gate says."""
    markup = markup.replace("PROJECT", str(project.root))
    _write(project, "a/1.html", CLEAN.replace("</body>", f"{markup}</body>"))

    found = inspect(project.candidate, project)

    assert ("a/1.html", rule, 1) in [(f.page, f.rule, f.count) for f in found]
    with pytest.raises(GateError) as error:
        pass_gate(project.candidate, project)
    assert f"a/1.html: {rule} (1)" in str(error.value)
    for value in ("1212", "abcdefghijkl", "x.example", "anna", "delad", str(project.root)):
        assert value not in str(error.value)


def test_other_kinds_of_file_are_read_too(project: Project) -> None:
    """Downloads hold the same numbers as pages: csv, json and the sheets of a workbook."""
    _write(project, "a/1.csv", "namn;nummer\nx;19121212-1212\n")
    _write(project, "a/1.json", '{"rows": [["op_abcdefghijklmnopabcd", 1]]}')
    _write(project, "assets/site.1.css", "@import url(//x.example/a.css)")
    with zipfile.ZipFile(project.candidate / "a/1.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", "<si><t>19121212-1212</t></si>")

    found = inspect(project.candidate, project)

    assert [(f.page, f.rule, f.count) for f in found] == [
        ("a/1.csv", "personal identity number", 1),
        ("a/1.json", "re-keyed id", 1),
        ("a/1.xlsx", "personal identity number", 1),
        ("assets/site.1.css", "request to another host", 1),
    ]


@QUIET
def test_ordinary_numbers_raise_no_alarm(project: Project, tried: Tried) -> None:
    """A thousand pages of counts, shares, days, codes and digests: nothing is found."""
    chance = random.Random(7)
    for number in range(1000):
        cells = [
            f"<tr><td>{chance.randrange(100_000)}</td><td>{chance.random():.10f}</td>"
            f"<td>{chance.random() * 100:.1f}".replace(".", ",")
            + " %</td>"
            f"<td>2026-{chance.randrange(1, 53)}</td><td>NGB{chance.randrange(100):02d}</td>"
            f"<td>{chance.randbytes(32).hex()}</td></tr>"
            for _ in range(20)
        ]
        line = f'<svg aria-hidden="true"><path d="M{chance.random() * 500},3"/></svg>'
        _write(project, f"b/{number}.html", f"<table>{''.join(cells)}</table>{line}")

    assert inspect(project.candidate, project) == []
    tried(1000, "clean pages")


def test_a_finding_tells_where_to_look(project: Project) -> None:
    """In the message and in the report: page, rule, count and the first places."""
    page = CLEAN.replace("</body>", "<p>121212-1212\n121212+1212</p>\n<p>pt_abcdefghijklmnopabcd")
    _write(project, "a/1.html", page)

    with pytest.raises(GateError) as error:
        pass_gate(project.candidate, project, between_versions=[{"page": "x", "count": 2}])

    number, key = (
        line for line in str(error.value).splitlines() if "number" in line or "key" in line
    )
    assert number == "  a/1.html: personal identity number (2), line 9, line 10"
    assert key == "  a/1.html: re-keyed id (1), line 11"
    text = (project.build / "gate.json").read_text(encoding="utf-8")
    report = json.loads(text)
    assert report["passed"] is False
    assert report["between_versions"] == [{"page": "x", "count": 2}]
    assert {
        "page": "a/1.html",
        "rule": "personal identity number",
        "count": 2,
        "places": ["line 9", "line 10"],
    } in report["findings"]
    assert "1212" not in text


def test_a_pass_is_reported_too(project: Project) -> None:
    """What an earlier candidate had is no longer told."""
    pass_gate(project.candidate, project)

    report = json.loads((project.build / "gate.json").read_bytes())
    assert (report["passed"], report["findings"]) == (True, [])


def test_a_rule_that_fails_lets_nothing_through(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file that it could not look at is a finding, and other rules go on."""

    def falls(document: Document) -> list[Fault]:
        raise ValueError(document.text)

    def falls_over_a_page(documents: object) -> list[tuple[str, Fault]]:
        raise ValueError(documents)

    rules = Rules((falls, personal_numbers), (falls_over_a_page,))
    monkeypatch.setattr(inspecting, "rules_of", lambda project, secrets: rules)
    _write(project, "a/1.csv", "x;19121212-1212\n")

    found = {(f.page, f.rule) for f in inspect(project.candidate, project)}

    name = "rule that failed: test_a_rule_that_fails_lets_nothing_through"
    assert {("a/1.csv", name), ("a/1.csv", "personal identity number")} <= found
    # A page's files are looked at together: its page stands for them.
    assert {page for page, rule in found if rule == name} >= {"index.html", "a/1.html", "a/a.svg"}


def test_two_processes_find_what_one_finds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings, ids and links of both halves; links from one half into the other hold."""
    for number in range(8):
        _write(project, f"b/{number}.html", CLEAN.replace("2.html", f"../b/{7 - number}.html"))
        _write(project, f"b/{number}/x.csv", "x;19121212-1212\n")
    alone = inspect(project.candidate, project)
    monkeypatch.setattr(inspecting, "_WORTH_A_PROCESS", 0)

    assert inspect(project.candidate, project) == alone
    assert len(alone) > 16


def test_a_process_that_dies_lets_nothing_through(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody knows what its files hold: the first of them is named, and how many they are."""
    monkeypatch.setattr(inspecting, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(inspecting.sys, "executable", shutil.which("false"))

    found = inspect(project.candidate, project)

    assert "files that nobody could look at" in {finding.rule for finding in found}


def test_a_long_list_is_cut(project: Project) -> None:
    """The message stays readable; the count of files is whole."""
    for number in range(30):
        _write(project, f"b/{number}.html", '<img src="../a/a.svg">')

    with pytest.raises(GateError) as error:
        pass_gate(project.candidate, project)

    assert "in 30 of the candidate's files" in str(error.value)
    assert "… and 10 more findings" in str(error.value)
    assert error.value.exit_code == 7


def test_the_projects_own_secret_is_found(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the environment holds when the gate looks, with nothing around it that tells."""
    secret = "Quiet7" + "harbour9"
    _write(project, "a/1.html", CLEAN.replace("</body>", f"<p>{secret}</p></body>"))
    assert inspect(project.candidate, project) == []
    monkeypatch.setenv("LPE_KEY_SECRET", secret)

    found = inspect(project.candidate, project)

    assert [(f.page, f.rule, f.count) for f in found] == [("a/1.html", "secret of this project", 1)]
    assert secret not in str(found[0])


def test_what_one_file_of_a_page_shows_and_another_hides_is_found(project: Project) -> None:
    """The page's JSON says that the cell is hidden, and its CSV holds a number there."""
    columns = [{"id": "unit"}, {"id": "n"}]
    table = {"id": "t", "columns": columns, "rows": [["Gävle", None]], "hidden": [[0, 1]]}
    _write(project, "a/3.json", json.dumps({"tables": [table], "key_figures": []}))
    row = '<tr><td>Gävle</td><td class="hidden">dold</td></tr>'
    _write(project, "a/3.html", f'<table id="tabell-t"><tbody>{row}</tbody></table>')
    _write(project, "a/3/t.csv", "Enhet;Antal\nGävle;dold\n")
    assert inspect(project.candidate, project) == []
    _write(project, "a/3/t.csv", "Enhet;Antal\nGävle;3\n")

    found = inspect(project.candidate, project)

    assert [(f.page, f.rule) for f in found] == [("a/3/t.csv", "hidden value that is shown")]


def test_what_is_no_file_of_the_candidate_is_a_finding(project: Project, tmp_path: Path) -> None:
    """A link is not followed, wherever it leads; nor is a pipe waited for."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.csv").write_text("811228-9874", encoding="utf-8")
    (project.candidate / "b").symlink_to(outside)
    (project.candidate / "a/x.csv").symlink_to(outside / "x.csv")
    (project.candidate / "a/inside.csv").symlink_to(project.candidate / "a/1.csv")
    os.mkfifo(project.candidate / "a/pipe.csv")

    found = inspect(project.candidate, project)

    assert [(f.page, f.rule) for f in found] == [
        ("a/inside.csv", "symbolic link"),
        ("a/pipe.csv", "file that cannot be read"),
        ("a/x.csv", "symbolic link"),
        ("b", "symbolic link"),
    ]


def test_a_folder_too_deep_to_be_read_is_a_finding(project: Project) -> None:
    """Its files have names that are longer than the system takes."""
    here = Path.cwd()
    os.chdir(project.candidate)
    try:
        for _ in range(30):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("x.csv").write_text("811228-9874", encoding="utf-8")
    finally:
        os.chdir(here)

    found = inspect(project.candidate, project)

    assert {f.rule for f in found} & {"folder that cannot be read", "file that cannot be read"}


def test_nothing_of_a_finding_is_in_what_is_told(project: Project) -> None:
    """Names of files, folders, parts, sheets and columns that are the finding themselves."""
    number, key = "811228-9874", "pt_abcdefghijklmnopabcd"
    for name in (f"a/{number}.csv", f"{number}/x.csv", f"a/{key}.csv", "a/password=hemligt9.csv"):
        _write(project, name, f"{number};{key}\n")
    table = pa.table({number: [number], f"{key} 8112289874": [key], "1981.12.28-9874": [number]})
    pq.write_table(table, project.candidate / "a/x.parquet")
    with zipfile.ZipFile(project.candidate / "a/1.xlsx", "w") as book:
        book.writestr(f"xl/{number}.xml", f"<a>{number}</a>")
        book.writestr("xl/worksheets/sheet1.xml", f'<c r="A1" t="str"><v>{number}</v></c>')
        book.writestr("xl/workbook.xml", f'<sheet name="nr {number}" r:id="1"/>')
        book.writestr(
            "xl/_rels/workbook.xml.rels", '<Relationship Id="1" Target="worksheets/sheet1.xml"/>'
        )

    with pytest.raises(GateError) as error:
        pass_gate(project.candidate, project)

    told = str(error.value) + (project.build / "gate.json").read_text(encoding="utf-8")
    assert len(inspect(project.candidate, project)) > 10
    assert not re.search(r"\d{6}|8112|9874|abcdefgh|hemligt", told)
