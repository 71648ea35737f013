"""What people see after a night in which one report failed: all of it, through the command line."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import nbformat
import pytest
from browser import chromium, served, visiting

from chart_library import share_chart_library
from command_line import Told, lpe
from lpe_reports import wording
from lpe_reports.publish.naming import PLACE
from lpe_reports.settings import Project
from mail_box import mail_box
from small_warehouse import small_office
from tiny_project import source_notebook

pytestmark = pytest.mark.promise(
    "builds",
    "A night in which a report fails publishes the rest, keeps its page and says so",
)

PAGE = "nyttjande/liten/ga-cop/2026-05.html"
REPORT = """
notebook: reports/small.ipynb
area: nyttjande
slug: liten
title: Liten
question: Går det?
owner: analys@example.invalid
units: [hu-cop, ga-cop]
periods: {kind: month, last: 1}
"""
OPEN = 'from lpe_reports import page\np = page.open("small", unit=unit, period=period)'
READ = 'p.read("operations", units=[unit], start=p.period.start, end=p.period.end).shape'
NOTE = 'p.note("Allt är som det ska.")'
DAY = datetime.now(PLACE).date()
REASON = "beräkningen avbröts av ett fel i cell 6 (ValueError)"
FAILING = 'if unit == "ga-cop":\n    raise ValueError("19121212-1212")\np.note("Nytt.")'


def write_notebook(project: Project, *cells: str) -> None:
    made = nbformat.from_dict(source_notebook([OPEN, READ, *cells], 'unit = ""\nperiod = ""'))
    (project.reports / "small.ipynb").write_text(nbformat.writes(made), encoding="utf-8")


@dataclass(frozen=True)
class Night:
    """A night in which one of two pages failed, and what it told everybody."""

    project: Project
    told: Told
    letters: list[Message]

    @property
    def version(self) -> Path:
        return (self.project.public / "latest").resolve()


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Night]:
    """A good night, then one in which the notebook raises for one of its two units."""
    office = small_office(tmp_path_factory.mktemp("office"), operations=150)
    office.write()
    project = office.project
    for path in (root / "params").glob("*.yml"):
        # The packs are of reports that this one does not have.
        if path.name not in ("sources.yml", "packs.yml"):
            shutil.copy(path, project.params)
    shutil.copy(root / "_quarto.yml", project.root)
    (project.params / "reports").mkdir()
    (project.params / "reports" / "small.yml").write_text(REPORT, encoding="utf-8")
    project.reports.mkdir()
    write_notebook(project, NOTE)
    share_chart_library(project)
    with pytest.MonkeyPatch.context() as patch, mail_box() as (box, port):
        assert lpe(project.root, "nightly", "--jobs", "1").returncode == 0
        for name, value in {
            "LPE_MAIL_HOST": "127.0.0.1",
            "LPE_MAIL_PORT": str(port),
            "LPE_MAIL_SECURITY": "none",
            "LPE_MAIL_OPERATOR": "drift@example.invalid",
        }.items():
            patch.setenv(name, value)
        write_notebook(project, NOTE, FAILING)
        yield Night(project, lpe(project.root, "nightly", "--jobs", "1"), box.letters)


def letter(night: Night, to: str) -> tuple[str, str]:
    """The subject and body of the one letter to an address."""
    (found,) = [each for each in night.letters if each["To"] == to]
    body = found.get_payload(decode=True)
    assert isinstance(body, bytes)
    return str(make_header(decode_header(found["Subject"]))), body.decode().replace("\r\n", "\n")


def without_measures(said: str) -> str:
    """What was said, with n for what differs from one machine to another: times, sizes, days."""
    measure = r"\d[\d\u00a0 ]*(\.\d)?(?= (MB|s)\b)|(?<=[a-z] )\d+\.\d"
    return re.sub(measure, "n", said.replace(str(DAY), "DAY"))


SUMMARY = """\
failed: small · ga-cop · 2026-05: cell 6 raised ValueError (page kept from version DAY; private \
log: build/logs/small.ga-cop.2026-05.log)
what failed notebooks had shown by then is beside their logs, for you alone since it can hold \
patients' values: open build/logs/small.ga-cop.2026-05.ipynb in JupyterLab
night 2026-05-11: 2 pages (1 built, 1 kept)
notebooks: 2 in forked processes
renderer: Sidorna är gjorda utan Quarto, med Pandoc och Typst.
published version DAY.2: n MB
on disk: store n MB, extracts n MB, versions n MB; free n MB
n s (extract n, compare n, gate n, publish n, prune n, plan n, execute n, decide n, render n)
the site: public/latest/index.html; `lpe preview` serves it on this machine, or open that file in \
a browser
"""


def test_the_summary_says_all_that_a_person_can_act_on(night: Night) -> None:
    """Which page, where in the notebook, what readers see instead, where the log is; code 3."""
    assert night.told.returncode == 3
    assert without_measures(night.told.stdout) == SUMMARY
    # The error's own words quoted a value of the data.
    said = night.told.stdout + night.told.stderr + "".join(map(str, night.letters))
    assert "1212" not in said


def test_the_rest_is_published_and_the_kept_page_is_the_one_before(night: Night) -> None:
    """With all its files; what its banner says is among what all pages read."""
    before = night.project.public / "v" / str(DAY)
    for ending in (".html", ".pdf", ".xlsx", ".json"):
        name = PAGE.replace(".html", ending)
        assert (night.version / name).read_bytes() == (before / name).read_bytes()
    assert "Nytt." in (night.version / PAGE.replace("ga-cop", "hu-cop")).read_text("utf-8")
    script = (night.version / "version.js").read_text("ascii")
    record = json.loads(script.removeprefix("globalThis.lpeVersion=").rstrip(";\n"))
    told = {"version": str(DAY), "since": str(DAY), "reason": REASON}
    assert record["kept"] == {PAGE: told}


@pytest.mark.chromium
def test_the_kept_page_says_since_when_and_why(night: Night) -> None:
    """And the page that was made anew says nothing."""
    with (
        served(night.project.public) as base,
        chromium() as browser,
        visiting(browser, base, day=DAY) as visit,
    ):
        visit.go(f"latest/{PAGE}")
        said = visit.page.locator("#versionsbesked").inner_text()
        visit.go(f"latest/{PAGE.replace('ga-cop', 'hu-cop')}")
        nothing = visit.page.locator("#versionsbesked").inner_text()

    assert said == (
        f"Sidan kunde inte göras om och visas som den var i versionen {DAY}. Så har det varit "
        f"sedan {wording.day(DAY)}, därför att {REASON}."
    )
    assert nothing == ""


def test_the_status_page_tells_of_it(night: Night) -> None:
    """In its first sentence, and in the table of the runs."""
    text = (night.version / "byggstatus" / "index.html").read_text("utf-8")
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))

    assert "Av 2 sidor: en är ny och en är kvar från en tidigare version." in said
    assert (
        "Centraloperation Gävle, maj 2026 Liten kvar från tidigare version "
        f"{REASON} (sedan {DAY})" in said
    )


def test_the_owner_and_the_operator_get_a_letter_each(night: Night) -> None:
    """The owner of the page in Swedish, with the command; the operator all that was said."""
    assert len(night.letters) == 2
    assert "2 letters sent" in night.told.stderr
    subject, body = letter(night, "analys@example.invalid")
    assert subject == "Liten: en sida kunde inte göras"
    assert body.strip() == (
        "De här sidorna kunde inte göras med uppgifterna till och med 11 maj 2026, och du står "
        "som ansvarig för rapporten:\n\n"
        "- Liten, Centraloperation Gävle, maj 2026: "
        f"{REASON}. Sidan visas som den var i versionen {DAY}.\n\n"
        f"Övriga sidor är publicerade i versionen {DAY}.2.\n"
        "Så här görs en av dem om: lpe build --report small --unit ga-cop --period 2026-05\n"
        "Varför den gick fel står i build/logs på den dator som gör sidorna."
    )
    subject, body = letter(night, "drift@example.invalid")
    assert subject == "Nattens sidor är publicerade, men inte alla kunde göras"
    assert night.told.stdout.strip() in body
