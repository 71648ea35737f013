"""Taking a page back out of every version, stopped at any moment and gone on with."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lpe_reports.errors import SettingsError, UsageError
from lpe_reports.params.moved import Move
from lpe_reports.publish.journal import entries, retracted, unfinished_retractions
from lpe_reports.publish.page_address import page_address_of
from lpe_reports.publish.retracting import finish_retractions, lift, retract
from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.render.moved import moved_pages
from lpe_reports.render.quoting import quoted
from lpe_reports.render.search_index import Record, index_files, read_records, records_bytes
from lpe_reports.settings import Project
from reliability.trials import Tried
from sample_candidate import make_candidate

pytestmark = pytest.mark.promise(
    "versions",
    "A page that is taken back is nowhere among the published files, though stopped at any moment",
)

FIRST_DAY = datetime(2026, 5, 11, 3, tzinfo=UTC)
PAGE = "nyttjande/kapacitet/hu-cop/2026-W12--2026-W21"
OTHER = "nyttjande/kapacitet/hu-cop/2026-W22--2026-W31"
PACK = "motesunderlag/rad/2026-05"
WHY = "Fel <enhet>."

# Takes the page back, and dies at the n-th change to the file system.
RETRACT = """
import os, pathlib, signal, sys
from datetime import UTC, datetime
from lpe_reports.publish.retracting import retract
from lpe_reports.settings import Project

left = int(sys.argv[3])
changes = {"os.rename", "os.link", "os.symlink", "os.mkdir", "os.chmod", "os.remove", "os.rmdir"}

def watch(event, arguments):
    global left
    if event in changes or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

for root in sys.argv[4:]:
    if os.fork() == 0:
        sys.addaudithook(watch)
        now = datetime(2026, 5, 20, 9, tzinfo=UTC)
        retract(Project(pathlib.Path(root)), sys.argv[1], why=sys.argv[2], now=now)
        print("never stopped", flush=True)
        os._exit(0)
    os.wait()
    left += 1
"""


def publish_days(project: Project, days: int, pointer: str | None = None) -> None:
    """Versions that differ in one other page only; the second word of the page is a secret."""
    row = quoted([PAGE], f'<a href="../{PAGE}.html">W12</a> hemligt')
    listed = quoted([PACK], '<a href="rad/2026-05.pdf"><b>Råd</b></a>')
    for day in range(days):
        numbers = {"report": "capacity", "unit": "hu-cop", "period": PAGE[-18:], "title": "t"}
        pack = {"pages": [{"address": f"{PAGE}.html"}, {"address": f"{OTHER}.html"}]}
        diff = {"new": [{"address": f"{PAGE}.html", "title": "hemligt"}], "gone": [], "changed": []}
        files = {
            f"{PAGE}.html": '<link href="../../../assets/site.0123456789.css">hemligt',
            f"{PAGE}.json": json.dumps({**numbers, "summary": "hemligt"}),
            f"{PAGE}.pdf": "hemligt", f"{PAGE}.xlsx": "hemligt",
            f"{PAGE}/t.csv": "hemligt",
            f"{OTHER}.html": f"day {day}", f"{OTHER}.json": "{}",
            f"{PACK}.pdf": "hemligt", f"{PACK}.json": json.dumps(pack),
            "motesunderlag/index.html": f"<ul><li>{listed}</li></ul>",
            "enheter/index.html": f"<p>{row}</p><p>{quoted([PAGE], 'hemligt')}</p>"
            f'<a href="../{PAGE}.pdf" download>PDF</a> <a href="../{OTHER}.pdf" download>PDF</a>',
            "dataset/sidor.csv": f'\ufeffsida;rubrik\r\n{PAGE};"hem\r\nligt"\r\n{OTHER};kvar\r\n',
            "diff.json": json.dumps(diff),
            "nyttjande/gammalt/2026.html": "Sidan har flyttat",
        }  # fmt: skip
        signal = {"page": f"{PAGE}.html", "title": "t", "label": "hemligt", "value": "1"}
        candidate = make_candidate(project, files, signals=[{**signal, "words": "w"}])
        publish(project, candidate, pointer=pointer, now=FIRST_DAY + timedelta(days=day))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three versions."""
    made = Project(tmp_path)
    publish_days(made, 3)
    return made


def telling(project: Project) -> list[str]:
    """The public files in which the page's secret stands."""
    return [
        str(path) for path in sorted(project.public.rglob("*"))
        if path.is_file() and any(each in path.read_bytes() for each in (b"hemligt", b"ligt\""))
    ]  # fmt: skip


def test_a_page_goes_out_of_every_version_with_all_that_quotes_it(project: Project) -> None:
    """Others' words and files stay; the links that led to its files lead to what is said now."""
    assert len(telling(project)) > 20

    retract(project, PAGE, why=WHY)

    assert telling(project) == []
    assert verify(project) == []
    folder = project.public / "v/2026-05-12"
    assert (folder / "enheter/index.html").read_text() == (
        f'<p><a href="../{PAGE}.html">Tillbakadragen</a></p><p></p>'
        f'<a href="../{PAGE}.html">PDF</a> <a href="../{OTHER}.pdf" download>PDF</a>'
    )
    assert (
        '<a href="rad/2026-05.html">Tillbakadraget</a>'
        in (folder / "motesunderlag/index.html").read_text()
    )
    page = (folder / f"{PAGE}.html").read_text()
    assert "Fel &lt;enhet&gt;." in page
    assert "../../../assets/site.0123456789.css" in page
    assert (folder / "dataset/sidor.csv").read_text("utf-8-sig") == f"sida;rubrik\n{OTHER};kvar\n"
    assert (folder / f"{OTHER}.html").read_text() == "day 1"
    assert not (folder / PAGE).exists()
    assert "Fel" in (folder / f"{PACK}.html").read_text()
    assert json.loads((folder / "build.json").read_bytes())["pages"]
    roll_back(project)


def test_the_journal_says_it_first_and_when_it_is_done(project: Project) -> None:
    """The page and why; each version's new digest; that it is gone from all; that it is lifted."""
    retract(project, PAGE, why=WHY, now=FIRST_DAY + timedelta(days=9))
    lift(project, PAGE, now=FIRST_DAY + timedelta(days=10))

    told = [(each.deed, each.version, each.page, each.why) for each in entries(project.public)]
    assert told[3:] == [
        ("retracted", "", PAGE, WHY),
        *(("retracted", f"2026-05-{day}", "", "") for day in (13, 12, 11)),
        ("gone", "", PAGE, ""),
        ("lifted", "", PAGE, ""),
    ]
    assert retracted(project.public) == {}
    with pytest.raises(UsageError, match="is not taken back"):
        lift(project, PAGE)


def test_a_new_reason_is_told_and_since_when_stays(project: Project) -> None:
    """The first day is the one that readers are told."""
    retract(project, PAGE, why="först", now=FIRST_DAY + timedelta(days=9))
    retract(project, PAGE, why="sedan", now=FIRST_DAY + timedelta(days=20))

    page = (project.public / "latest" / f"{PAGE}.html").read_text()
    assert "Tillbakadragen 20 maj 2026.</strong> sedan" in page
    assert verify(project) == []


def test_a_dry_run_names_what_would_go_and_changes_nothing(project: Project) -> None:
    """Not even the journal."""
    before = {path: path.read_bytes() for path in project.public.rglob("*") if path.is_file()}

    done = retract(project, PAGE, why=WHY, dry=True)

    assert f"{PAGE}.pdf" in done.versions["2026-05-11"].gone
    assert f"{PACK}.pdf" in done.versions["2026-05-11"].gone
    assert before == {
        path: path.read_bytes() for path in project.public.rglob("*") if path.is_file()
    }


def test_a_copy_that_readers_are_led_to_loses_the_page_too(tmp_path: Path) -> None:
    """On file shares `latest` is a folder of its own."""
    project = Project(tmp_path)
    publish_days(project, 2, "copy")

    retract(project, PAGE, why=WHY)

    assert not (project.public / "latest").is_symlink()
    assert telling(project) == []
    assert verify(project) == []


def test_damage_that_was_there_before_is_still_found(project: Project) -> None:
    """Taking a page back does not make a changed file right."""
    spoilt = project.public / "v/2026-05-12" / f"{OTHER}.html"
    spoilt.chmod(0o644)
    spoilt.write_text("spoilt")

    retract(project, PAGE, why=WHY)

    assert [(each.version, each.file) for each in verify(project)] == [
        ("2026-05-12", f"{OTHER}.html")
    ]


def test_a_kill_at_any_change_is_gone_on_with(tmp_path: Path, tried: Tried) -> None:
    """The journal's entry comes before all; afterwards nothing is left, and verify finds naught."""
    first = Project(tmp_path / "first")
    publish_days(first, 2)
    projects = [Project(tmp_path / str(number)) for number in range(100)]
    for project in projects:
        # All of them the same files, of which none but the journal is ever written into.
        shutil.copytree(first.root, project.root, symlinks=True, copy_function=os.link)
        (project.public / "journal.jsonl").unlink()
        shutil.copy(first.public / "journal.jsonl", project.public)
    roots = [str(project.root) for project in projects]
    said = subprocess.run(
        [sys.executable, "-c", RETRACT, PAGE, WHY, "1", *roots],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip

    stopped = len(projects) - said.stdout.count("never stopped")
    assert 50 < stopped < len(projects), said.stdout
    for project in projects[:stopped]:
        known = retracted(project.public)
        assert known or len(telling(project)) > 10
        if known:
            assert unfinished_retractions(project.public) <= {PAGE}
            finish_retractions(project)
        else:
            retract(project, PAGE, why=WHY)
        assert telling(project) == []
        assert verify(project) == []
        assert not list(project.public.rglob(".part-*"))
        assert unfinished_retractions(project.public) == set()
    assert len(telling(first)) > 10
    assert verify(first) == []
    tried(stopped, "moments to stop at")


def test_where_nothing_can_be_written_it_says_so_and_to_try_again(project: Project) -> None:
    """A folder in the place of the journal; no version has changed."""
    journal = project.public / "journal.jsonl"
    journal.unlink()
    journal.mkdir()

    with pytest.raises(SettingsError, match="run the same command again"):
        retract(project, PAGE, why=WHY)

    assert (project.public / "latest" / f"{PAGE}.pdf").is_file()


@pytest.mark.parametrize("given", ["old", "new"])
def test_a_page_that_has_moved_goes_under_all_its_addresses(tmp_path: Path, given: str) -> None:
    """Whichever is given; what leads on from the old one stays, and lifting lifts both."""
    project = Project(tmp_path)
    project.params.mkdir()
    moved = "moved:\n- {from: nyttjande/gammalt, to: nyttjande/nytt}\n"
    (project.params / "moved.yml").write_text(moved)
    old, new = (f"nyttjande/{report}/hu-cop/2026-05" for report in ("gammalt", "nytt"))
    leads = dict(
        moved_pages([new], [Move(**{"from": "nyttjande/gammalt", "to": "nyttjande/nytt"})])
    )
    for day, page in enumerate((old, new)):
        files = {f"{page}.html": "hemligt", f"{page}.json": "hemligt"}
        files |= {name: data.decode() for name, data in leads.items()} if page == new else {}
        shutil.rmtree(project.candidate, ignore_errors=True)
        publish(project, make_candidate(project, files), now=FIRST_DAY + timedelta(days=day))

    retract(project, old if given == "old" else new, why=WHY)

    assert telling(project) == []
    assert verify(project) == []
    assert "har flyttat" in (project.public / "latest" / f"{old}.html").read_text()
    lift(project, old)
    assert retracted(project.public) == {}


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        f"{PAGE}.html",
        f"/{PAGE}.pdf",
        f"public/v/2026-05-11.2/{PAGE}.html",
        f"/srv/lpe/public/latest/{PAGE}.html",
        f"https://rapporter.example.invalid/v/2026-05-11/{PAGE}.html?a=b#tabell",
        f"C:\\site\\public\\v\\2026-05-11\\{PAGE.replace('/', chr(92))}.html",
    ],
)
def test_a_page_is_known_by_address_path_and_url(text: str) -> None:
    """As people copy it from the address line or a folder."""
    assert page_address_of(text) == PAGE


@pytest.mark.parametrize(
    "text", ["", "index.html", "enheter/index.html", "latest/../../../etc/passwd", "a/b/../c/d"]
)
def test_what_is_no_page_of_a_report_is_refused(project: Project, text: str) -> None:
    """Index pages, and ways out of the site."""
    with pytest.raises(UsageError, match="names no report's page"):
        retract(project, text, why=WHY)


@pytest.mark.parametrize(
    ("page", "why", "said"),
    [(PAGE, " ", "say why"), ("a/b/c/2026-W01", WHY, "no published version has a page")],
)
def test_a_page_without_a_reason_or_a_version_is_refused(
    project: Project, page: str, why: str, said: str
) -> None:
    """Nothing is noted."""
    with pytest.raises(UsageError, match=said):
        retract(project, page, why=why)
    assert retracted(project.public) == {}


def test_search_records_are_read_as_they_were_written() -> None:
    """So that the index made of them is the same."""
    record = Record("a.html", "T", "k", "x", ("n",), ("p",), (1, -2), (("enhet", "Å"),))

    assert read_records(records_bytes([record])) == [record]


def test_an_index_whose_records_are_not_kept_loses_the_pages_text(project: Project) -> None:
    """Versions of before keep none; what a hit would show of the page goes all the same."""
    files = index_files([Record(f"{page}.html", "T", "k", "hemligt") for page in (PAGE, OTHER)])
    candidate = make_candidate(project, {f"{PAGE}.html": "hemligt", f"{PAGE}.json": "{}"})
    for name, data in files.items():
        (candidate / name).parent.mkdir(parents=True, exist_ok=True)
        (candidate / name).write_bytes(data)
    publish(project, candidate, now=FIRST_DAY + timedelta(days=9))
    fragments = project.public / "latest/search/fragment"
    assert len(list(fragments.iterdir())) == 2

    retract(project, PAGE, why=WHY)

    (left,) = fragments.iterdir()
    assert f'"url":"/{OTHER}.html"'.encode() in gzip.decompress(left.read_bytes())
    assert verify(project) == []
