"""A whole night in a Python that lacks what Windows lacks: no fork, no links, held files stay.

What is taken away, and what cannot be shown on another system, says `without_posix`.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.promise(
    "builds",
    "A whole night needs nothing that Windows lacks: no fork, no links, files that are held",
)

WITHOUT_POSIX = Path(__file__).resolve().parent.parent / "without_posix"
_SECONDS = 200
_END_SECONDS = 20

# One process for all commands of a test: to begin takes a second. Says the exit code of each.
_COMMANDS = """
import contextlib, json, sys
from lpe_reports.cli import run
held = [open(path, "rb") for path in json.loads(sys.argv[2])]
for command in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(sys.stderr):
        code = run(command)
    print(json.dumps([command[0], code]), flush=True)
"""
_REPORT = """
notebook: reports/followup/weekly.ipynb
area: uppfoljning
slug: veckouppfoljning
title: Veckouppföljning
question: Hur gick veckan?
owner: analys@example.invalid
units: [ortopedi]
periods: {kind: week, last: 1}
parameters: {table_weeks: 4, chart_weeks: 8, median_since: 2026-W10}
sections:
  ortopedi: {followed: bo-opc, waiting: [bo-opc], visiting: bo-opc}
"""


@dataclass(frozen=True)
class Ran:
    """The commands and their exit codes, and all that they said."""

    codes: list[list[object]]
    said: str


@dataclass(frozen=True)
class Office:
    """A project of one page, in a folder with a space and a letter beyond ASCII."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LPE_", "PYTHON"))}
        return kept | {
            "PYTHONPATH": str(WITHOUT_POSIX),
            "PYTHONUTF8": "0",
            "LPE_PROJECT": str(self.root),
            "LPE_RENDERER": "pandoc",
            "LPE_DEBUG": "1",
        }

    def run(self, *commands: str, held: tuple[str, ...] = ()) -> Ran:
        """Run commands one after the other, while their process holds some files open."""
        split = [command.split() for command in commands]
        paths = [str(self.root / name) for name in held]
        done = subprocess.run(
            [sys.executable, "-c", _COMMANDS, json.dumps(split), json.dumps(paths)],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        said = done.stderr.decode("cp1252")
        assert done.returncode == 0, said
        return Ran([json.loads(line) for line in done.stdout.splitlines()], said)

    def links(self) -> list[Path]:
        return [path for path in self.root.rglob("*") if path.is_symlink()]


@pytest.fixture(scope="module")
def office(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """After `lpe demo` and `lpe nightly`."""
    place = tmp_path_factory.mktemp("windows") / "Kontor å"
    place.mkdir()
    shutil.copytree(root / "params", place / "params")
    (place / "reports" / "followup").mkdir(parents=True)
    shutil.copy(root / "reports" / "followup" / "weekly.ipynb", place / "reports" / "followup")
    shutil.copy(root / "_quarto.yml", place)
    for path in (place / "params" / "reports").iterdir():
        path.unlink()
    (place / "params" / "reports" / "weekly.yml").write_text(_REPORT, encoding="utf-8")
    (place / "params" / "packs.yml").write_text("packs: []\n", encoding="utf-8")
    return Office(place)


@pytest.fixture(scope="module")
def night(office: Office) -> Ran:
    """The first night."""
    return office.run(
        "demo --years 1 --scale 0.05 --snapshots monthly",
        "nightly --source demo",
        "versions --verify",
        "publish --pointer symlink",
    )


@pytest.fixture(scope="module")
def second(office: Office, night: Ran) -> Ran:
    """Another one of the same day, with another title."""
    report = office.root / "params" / "reports" / "weekly.yml"
    report.write_text(_REPORT.replace("title: Veckouppföljning", "title: Veckan"), "utf-8")
    return office.run("extract --source demo --full", "build --source demo", "publish")


def test_a_night_needs_nothing_that_windows_lacks(office: Office, night: Ran) -> None:
    """Demo, extract, a notebook in an ordinary kernel, pages, gate, publishing, verifying."""
    assert night.codes[:3] == [["demo", 0], ["nightly", 0], ["versions", 0]], night.said
    assert "1 by an ordinary kernel each (this system cannot fork safely)" in night.said
    page = "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"
    assert "Ortopedi" in (office.root / "public" / "latest" / page).read_text("utf-8")


def test_the_pointer_is_chosen_by_itself_and_said(office: Office, night: Ran) -> None:
    """No link can be swapped: latest is a copy, no link is anywhere, and the operator is told."""
    assert "public/latest is a copy of that version" in night.said
    assert office.links() == []
    assert night.codes[3] == ["publish", 2]
    assert "leave --pointer out" in night.said


def test_a_page_that_is_held_open_is_told_of(office: Office, second: Ran) -> None:
    """A reader holds a file of latest: nothing half is left, the message says what to close."""
    latest = office.root / "public" / "latest" / "version.json"
    now = json.loads(latest.read_bytes())["id"]
    before = min(path.name for path in (office.root / "public" / "v").iterdir())
    assert before != now, second.said

    held = office.run(f"rollback {before}", held=("public/latest/index.html",))

    assert held.codes == [["rollback", 2]]
    assert "another program has it open, close that" in held.said
    assert json.loads(latest.read_bytes())["id"] == now


def test_versions_come_and_go(office: Office, second: Ran) -> None:
    """A second version takes the first one's place; back, a page taken back, all of it whole."""
    ran = office.run(
        "rollback",
        "retract uppfoljning/veckouppfoljning/ortopedi/2026-W19 --why Prov",
        "versions --verify",
        "prune",
    )

    assert [code for _, code in second.codes + ran.codes] == [0] * 7, second.said + ran.said
    assert office.links() == []
    assert [p for p in (office.root / "public").iterdir() if p.name.startswith(".")] == []
    page = "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"
    assert "data-retracted" in (office.root / "public" / "latest" / page).read_text("utf-8")


def test_what_is_said_to_a_file_is_utf8(office: Office, night: Ran) -> None:
    """Though Python would take the code page, which stops at the first arrow."""
    lpe = "import sys; from lpe_reports.cli import main; print('→', end=''); main()"
    wrong = subprocess.run(
        [sys.executable, "-c", "print('→')"],
        env=office.environment, capture_output=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    assert b"UnicodeEncodeError" in wrong.stderr
    told = subprocess.run(
        [sys.executable, "-c", lpe.replace("print('→', end=''); ", ""), "plan", "--unit", "→å"],
        cwd=office.root, env=office.environment, capture_output=True, timeout=_SECONDS, check=False,
    )  # fmt: skip

    assert told.returncode == 2
    assert "'→å'" in told.stderr.decode("utf-8")


def test_a_killed_build_leaves_no_process(office: Office, night: Ran) -> None:
    """No guard and no groups of processes: its worker notices, and takes the kernel along."""
    notebook = office.root / "reports" / "followup" / "weekly.ipynb"
    document = json.loads(notebook.read_bytes())
    document["cells"][2]["source"] = "import time; time.sleep(600)"
    document["cells"][2]["cell_type"] = "code"
    document["cells"][2] |= {"outputs": [], "execution_count": None}
    with replaced(notebook, json.dumps(document)):
        command = f"import sys; sys.argv[1:] = {['build', '--source', 'demo']}\n"
        build = subprocess.Popen(
            [sys.executable, "-c", f"{command}from lpe_reports.cli import main; main()"],
            cwd=office.root, env=office.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            family = _family_with_a_kernel(build.pid)
        finally:
            build.kill()
            build.wait(_END_SECONDS)
    _, alive = psutil.wait_procs(family, timeout=_END_SECONDS)
    for process in alive:
        process.kill()

    assert alive == []


def _family_with_a_kernel(pid: int) -> list[psutil.Process]:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        family = psutil.Process(pid).children(recursive=True)
        for process in family:
            if "ipykernel_launcher" in " ".join(process.cmdline()):
                return family
        time.sleep(0.1)
    pytest.fail("no kernel was started")


@contextmanager
def replaced(path: Path, text: str) -> Iterator[None]:
    """Another text in a file for as long as the block runs."""
    before = path.read_bytes()
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.write_bytes(before)
