"""An author's page in a real Chromium: made, made again as files are saved, told what is wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from browser import Visit, visiting
from playwright.sync_api import Browser, expect

from lpe_reports.cli.live.maker import SCRATCH
from lpe_reports.cli.live.session import previewing
from previewed import PERIOD, PROSE, REPORT, UNIT, Previewed

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.promise(
        "authors",
        "A preview tells what is wrong, gives nothing to others, and leaves nothing behind",
    ),
]
SECONDS = 30_000
CLI = "from lpe_reports.cli import main; main()"
MARK = "#lpe-mark"
PROBLEM = "#lpe-problem"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Previewed:
    """A project with one small report, in a folder with a space and an å."""
    return Previewed(tmp_path_factory.mktemp("preview") / "mål 1")


@pytest.fixture(scope="module")
def address(office: Previewed) -> Iterator[str]:
    """Where it is previewed, in this process."""
    before = os.environ.get("LPE_PROJECT")
    os.environ["LPE_PROJECT"] = str(office.project.root)
    with previewing(office.project, REPORT, None, None, source=None, port=0, polling=False) as (
        found,
        told,
    ):
        assert told.startswith(f"{REPORT} · {UNIT} · {PERIOD}")
        yield found
    if before is None:
        del os.environ["LPE_PROJECT"]


@pytest.fixture
def visit(browser: Browser, address: str, office: Previewed) -> Iterator[Visit]:
    """The page in a window, as it was first written."""
    office.write()
    with visiting(browser, address.rstrip("/")) as visit:
        visit.page.goto(address)
        expect(visit.page.locator("h1")).to_have_text(re.compile("vecka 19"), timeout=SECONDS)
        expect(visit.page.locator(PROBLEM)).to_have_count(0, timeout=SECONDS)
        expect(visit.page.locator("#operationer h2, h2#operationer")).to_have_count(
            1, timeout=SECONDS
        )
        yield visit


def read(url: str, **headers: str) -> bytes:
    """What the server answers."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return bytes(answer.read())


def test_the_page_is_the_site_s_own_and_says_what_it_is(
    visit: Visit, address: str, office: Previewed
) -> None:
    """Byte for byte what a build makes of it, with the preview's own put in at serving."""
    expect(visit.page.locator(MARK)).to_contain_text("inte publicerad")
    assert visit.said == []
    assert visit.outside == []
    served = read(visit.page.url).decode()
    own = re.sub(
        r'<link rel="stylesheet" href="/_lpe/preview.css">\n|<div id="lpe-mark".*?</script>\n',
        "", served, flags=re.DOTALL,
    )  # fmt: skip
    assert own == _built(office)


def _built(office: Previewed) -> str:
    """The page as the project's own build makes it, beside the preview, which holds no lock."""
    done = subprocess.run(
        [sys.executable, "-c", CLI, "build", "--renderer", "pandoc", "--period", PERIOD],
        env={**os.environ, "LPE_PROJECT": str(office.project.root)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return next(office.project.candidate.rglob(f"{PERIOD}.html")).read_text(encoding="utf-8")


def test_a_saved_change_is_seen_where_its_reader_is(visit: Visit, office: Previewed) -> None:
    """New prose above; the reader stays at the table, which is read further down."""
    visit.page.set_viewport_size({"width": 900, "height": 300})
    table = visit.page.locator("#tabell-operationer, [id*=operationer] table").first
    table.scroll_into_view_if_needed()
    before = table.bounding_box()
    assert visit.page.evaluate("scrollY") > 0

    office.write(prose=f"{PROSE}\n\nNytt stycke.\n\nOch ett till.\n\nOch ett tredje.")
    expect(visit.page.get_by_text("Nytt stycke.")).to_have_count(1, timeout=SECONDS)
    visit.page.wait_for_load_state("load")
    after = table.bounding_box()

    assert before and after
    assert abs(before["y"] - after["y"]) < 20
    assert visit.said == []


def test_a_failing_cell_is_told_above_the_last_good_page_until_it_is_mended(
    visit: Visit, office: Previewed
) -> None:
    """The cell, its line, what it means; the page below stays, and comes back by itself."""
    office.write(summary="x = 1\np.summary(opertions)")
    problem = visit.page.locator(PROBLEM)
    expect(problem).to_contain_text("Cell 6 gick inte att köra", timeout=SECONDS)
    expect(problem.locator("mark")).to_have_text("2  p.summary(opertions)")
    expect(problem).to_contain_text(f"reports/{REPORT}.ipynb, cell 6, rad 2")
    expect(problem).to_contain_text("Gör så här")
    expect(problem.locator("details")).not_to_have_attribute("open", "")
    expect(visit.page.locator("h1")).to_be_visible()

    office.write()
    expect(problem).to_have_count(0, timeout=SECONDS)


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("params/site.yml", ("office:", "ofice:"), "params/site.yml är inte rätt skriven"),
        ("_quarto.yml", ("lang: sv", "lang: [sv"), "_quarto.yml är inte rätt skriven"),
    ],
)
def test_a_wrong_file_of_params_is_told_and_forgotten(
    visit: Visit, office: Previewed, name: str, wrong: tuple[str, str], told: str
) -> None:
    """With the file; the page comes back when it is mended."""
    path = office.project.root / name
    good = path.read_text(encoding="utf-8")
    assert wrong[0] in good
    path.write_text(good.replace(*wrong, 1), encoding="utf-8")
    expect(visit.page.locator(PROBLEM)).to_contain_text(told, timeout=SECONDS)

    path.write_text(good, encoding="utf-8")
    expect(visit.page.locator(PROBLEM)).to_have_count(0, timeout=SECONDS)


def test_what_must_not_be_shown_is_not_shown_here_either(visit: Visit, office: Previewed) -> None:
    """A data frame never went through disclosure control; nothing of it reaches the browser."""
    office.write(after="import pandas\npandas.DataFrame({'hemligt': [4711]})")

    expect(visit.page.locator(PROBLEM)).to_contain_text("sekretessprövningen", timeout=SECONDS)
    assert "4711" not in visit.page.locator("main").inner_text()
    assert "4711" not in visit.page.locator(PROBLEM).inner_text().replace("[4711]", "")


def test_a_title_in_params_is_seen_without_running_anything(
    visit: Visit, office: Previewed
) -> None:
    """It stands in the menus and above the page; no cell is run for it."""
    good = office.params.read_text(encoding="utf-8")
    office.params.write_text(good.replace("title: Kort", "title: Långt"), encoding="utf-8")
    expect(visit.page.locator(".crumbs")).to_contain_text("Långt", timeout=SECONDS)
    office.params.write_text(good, encoding="utf-8")
    expect(visit.page.locator(".crumbs")).to_contain_text("Kort", timeout=SECONDS)


def test_files_beside_the_page_are_made_when_they_are_asked_for(
    visit: Visit, office: Previewed
) -> None:
    """PDF, Excel, CSV, JSON; what is neither made here nor published says so."""
    place = visit.page.url.removesuffix(".html")

    assert read(f"{place}.pdf").startswith(b"%PDF")
    assert read(f"{place}.xlsx").startswith(b"PK")
    assert b"2026-W19;46" in read(f"{place}/operationer.csv")
    assert json.loads(read(f"{place}/diagram.json"))["charts"]
    with pytest.raises(urllib.error.HTTPError) as missing:
        read(place.replace("W19", "W18") + ".html")
    assert missing.value.code == 404
    assert "lpe nightly" in missing.value.read().decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
def test_another_site_s_page_gets_nothing(address: str, headers: dict[str, str]) -> None:
    """Neither by a name of its own that leads to this machine, nor from within its page."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        read(address, **headers)
    assert refused.value.code == 403
    refused.value.close()


def test_nothing_is_kept_of_what_was_previewed(visit: Visit, office: Previewed) -> None:
    """Neither in the store nor in the logs."""
    office.write(prose="## Operationer\n\nBara här.")
    expect(visit.page.get_by_text("Bara här.")).to_have_count(1, timeout=SECONDS)

    for path in office.project.build.rglob("*"):
        assert not path.is_file() or b"Bara h" not in path.read_bytes(), path


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_preview_that_ended(
    office: Previewed, how: signal.Signals, heard_signals: None
) -> None:
    """No process and no folder, however it ended; Ctrl-C is no fault."""
    before = set(Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"))
    preview = subprocess.Popen(
        [sys.executable, "-c", CLI, "preview", REPORT, "--port", "0", "--no-open"],
        env={**os.environ, "LPE_PROJECT": str(office.project.root), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert preview.stdout is not None
    lines = [preview.stdout.readline() for _ in range(2)]
    assert "not published" in lines[0]
    address = lines[1].split()[0]
    _until(lambda: MARK[1:] in read(address).decode())
    family = psutil.Process(preview.pid).children(recursive=True)
    assert family
    preview.send_signal(how)
    code = preview.wait(20)
    preview.stdout.close()

    assert code == {signal.SIGINT: 0, signal.SIGTERM: 143, signal.SIGKILL: -9}[how]
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    _until(lambda: set(Path(tempfile.gettempdir()).glob(f"{SCRATCH}*")) <= before)


def _until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("not within the time")
