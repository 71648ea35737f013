"""The documents that tell a story are done as they say, in a project of their own."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from find_commands import SHELLS, Command, of_block
from read_docs import ROOT, Piece, blocks
from run_elsewhere import NOT_GIVEN
from stories import A_REPORT, MOVING, OWN_DATA, RESTORING, UPGRADING, Story

from command_line import Told, lpe
from drawn import LONG

# Where other programs run too the first story, which all others go on from, takes minutes.
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.promise(
        "authors", "The documents that tell a story are done as they say, from an empty folder"
    ),
]
_NAMED = re.compile(r"`((?:data|params|reports|tests)/[\w./-]+\.\w+)`")
_SECONDS = 120


@dataclass
class Reader:
    """Somebody who does what a document says.

    Fields:
        root: The folder that they are in.
        given: What they have given, and what was said to it.
    """

    root: Path
    patch: pytest.MonkeyPatch
    given: list[tuple[str, Told]] = field(default_factory=list)

    def read(self, story: Story, without: tuple[str, ...] = ()) -> None:
        """Do all of it, but for some commands; each must end well."""
        for block in story.blocks():
            if block.language in ("python", "markdown", "yaml", "csv"):
                self._write(block)
            for line in block.text.split("\n") if block.language in SHELLS else ():
                self._set(line)
            for command in of_block(block):
                if command.key[0] not in (*NOT_GIVEN, *without):
                    self._give(command, story)
        for text in story.also:
            self._give(Command(story.name, text, block=True), story)

    def _set(self, line: str) -> None:
        """Variables are set for what comes after."""
        if line.startswith("export "):
            name, _, value = shlex.split(line)[1].partition("=")
            self.patch.setenv(name, value)

    def _give(self, command: Command, story: Story) -> None:
        text = story.as_given(command.text).format(**self._places())
        program, *words = shlex.split(text)
        if program == "lpe":
            told = lpe(self.root, *words)
        else:
            assert program == "python", f"{command.place}: a story gives no {program}"
            done = subprocess.run(
                [sys.executable, *words, "-p", "no:cacheprovider"], cwd=self.root,
                env=os.environ | {"LPE_PROJECT": str(self.root)},
                capture_output=True, text=True, encoding="utf-8", timeout=_SECONDS, check=False,
            )  # fmt: skip
            told = Told(done.returncode, done.stdout, done.stderr)
        assert told.returncode == 0, f"{command.place}: {text}\n{told.stdout}\n{told.stderr}"
        self.given.append((text, told))
        if words[:1] == ["init"]:
            self.root = self.root / words[1]
            _leave_one_page(self.root)
        if words[:1] == ["new"]:
            _make_few_pages(self.root)

    def _places(self) -> dict[str, str]:
        """What stands for days and pages of the documents' own example."""
        listed = self.root / "public" / "versions.json"
        if not listed.is_file():
            return {}
        ids = sorted((path.name for path in (self.root / "public" / "v").iterdir()), key=_in_order)
        pages = sorted((self.root / "public" / "v" / ids[-1]).glob("nyttjande/*/*/*.html"))
        page = next(path for path in reversed(pages) if path.stem != "index")
        address = page.relative_to(self.root / "public" / "v" / ids[-1]).with_suffix("")
        return {"before": ids[-2:][0], "latest": ids[-1], "page": address.as_posix()}

    def _write(self, block: Piece) -> None:
        if named := _NAMED.findall(block.above):
            _put(self.root / named[-1], block)
        else:
            assert block.language in ("python", "markdown"), f"{block.place}: which file is it?"
            _add_cell(self.root, block)

    def said_of(self, words: str) -> Told:
        """What was said to the last command with some words."""
        return next(told for text, told in reversed(self.given) if words in text)


def _leave_one_page(root: Path) -> None:
    """Of the ten reports one page: the story's own are what is looked at, and 250 take minutes."""
    files = [*(root / "params" / "reports").glob("*.yml"), *(root / "reports").rglob("*.ipynb")]
    for path in files:
        if path.stem != "end_times":
            path.unlink()
    (root / "params" / "packs.yml").unlink()
    kept = root / "params" / "reports" / "end_times.yml"
    text = kept.read_text(encoding="utf-8").replace("last: 4", "last: 1")
    text = text.replace("{kind: operating_unit}", "[ga-cop]")
    kept.write_text(text, encoding="utf-8", newline="\n")


def _make_few_pages(root: Path) -> None:
    """Of the newest report no more than what is looked at: its newest month, or two."""
    path = max(
        (root / "params" / "reports").glob("*.yml"), key=lambda each: each.stat().st_mtime_ns
    )
    text, few = (
        path.read_text(encoding="utf-8"),
        "last: 2" if path.stem == "emergencies" else "last: 1",
    )
    assert "last: 4" in text
    path.write_text(text.replace("last: 4", few), encoding="utf-8", newline="\n")


def _in_order(version: str) -> tuple[str, int]:
    day, _, number = version.partition(".")
    return day, int(number or 1)


def _put(path: Path, block: Piece) -> None:
    """A whole file; but of sources.yml the source that it describes, which is the last there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = block.text + "\n"
    if path.name == "sources.yml":
        before = path.read_text(encoding="utf-8").replace("default: demo", "default: files")
        assert "default: files" in text
        text = before[: before.index("  files:\n    kind: files")] + text[text.index("  files:") :]
    path.write_text(text, encoding="utf-8", newline="\n")


def _add_cell(root: Path, block: Piece) -> None:
    """A cell more, at the end of the notebook that was written last."""
    path = max((root / "reports").rglob("*.ipynb"), key=lambda each: each.stat().st_mtime_ns)
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    cell: dict[str, Any] = {
        "cell_type": "code" if block.language == "python" else "markdown",
        "id": f"own-{len(notebook['cells'])}",
        "metadata": {},
        "source": block.text.splitlines(keepends=True),
    }
    if block.language == "python":
        cell |= {"execution_count": None, "outputs": []}
    notebook["cells"].append(cell)
    path.write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Who has read how one starts, writes a report, and what is done with versions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LPE_PROJECT", raising=False)
        reader = Reader(tmp_path_factory.mktemp("story"), patch)
        reader.read(A_REPORT)
        return reader


def test_a_report_is_published_within_its_story(reader: Reader) -> None:
    """From an empty folder to a page with the reader's own table, by the documents alone."""
    versions = sorted((reader.root / "public" / "v").iterdir())
    page = next(versions[-1].glob("nyttjande/akuta-operationer/hu-cop/2026-04.json"))
    tables = {table["id"]: table for table in json.loads(page.read_text("utf-8"))["tables"]}

    assert len(versions) == 2
    assert len(tables["per-veckodag"]["rows"]) == 7


_ASK = """
from lpe_reports import page
p = page.open("emergencies", unit="hu-cop", period="2026-04")
series = p.series("emergencies", last=2)
when = {"start": p.period.start, "end": p.period.end}
rows = p.read("operations", units=["hu-cop"], columns=["urgency"], **when)
print(int(series.now.value), int((rows["urgency"] == "emergency").sum()))
"""


def test_a_measure_of_ones_own_is_known_by_three_blocks(reader: Reader, tmp_path: Path) -> None:
    """In a copy of the package: it counts what stands in the rows."""
    function, entry, definition = (
        block
        for block in blocks(ROOT / "docs" / "write-a-report.md")
        if block.under == "A measure that others can use"
    )
    package = tmp_path / "src" / "lpe_reports"
    shutil.copytree(ROOT / "src" / "lpe_reports", package, ignore=shutil.ignore_patterns("*.pyc"))
    series = package / "display" / "series"
    _add(series / "activity.py", "def open_theatres", f"{function.text}\n\n\n")
    _add(series / "registered" / "activity.py", "    SeriesMeasure(", f"{entry.text}\n")
    project = tmp_path / "project"
    shutil.copytree(reader.root, project, ignore=shutil.ignore_patterns("build", "public"))
    _add(project / "params" / "glossary.yml", "  - id: operations\n", f"{definition.text}\n")

    done = subprocess.run(
        [sys.executable, "-c", _ASK], capture_output=True, text=True, timeout=_SECONDS, check=False,
        env=os.environ | {"LPE_PROJECT": str(project), "PYTHONPATH": str(package.parent)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    followed, counted = map(int, done.stdout.split())
    assert followed == counted > 0


def _add(path: Path, before: str, text: str) -> None:
    """Something new, before what stands there first."""
    whole = path.read_text(encoding="utf-8")
    start, found, end = whole.partition(before)
    assert found, path
    path.write_text(f"{start}{text}{found}{end}", encoding="utf-8", newline="\n")


def test_versions_go_back_and_forward_as_told(reader: Reader) -> None:
    """Each command of the block was given, on versions that were really there."""
    given = [text for text, _ in reader.given]

    assert sum(text.startswith("lpe rollback") for text in given) == 3
    assert reader.said_of("retract").returncode == 0


def test_a_restored_site_goes_on(reader: Reader, tmp_path: Path) -> None:
    """From what the table says to back up, and nothing else, and the warehouse.

    Its first night, for which each page is made anew, is done with LPE_LONG=1.
    """
    restored = tmp_path / "restored"
    for name in ("params", "reports", "data/snapshots", "data/office", "data/demo", "public"):
        if (reader.root / name).exists():
            shutil.copytree(reader.root / name, restored / name, symlinks=True)
    _copy_settings(reader.root, restored)
    before = {path.name for path in (restored / "public" / "v").iterdir()}

    again = Reader(restored, reader.patch)
    again.read(RESTORING, without=() if LONG else ("lpe nightly",))

    assert "0 files damaged" in again.said_of("--verify").stdout
    assert " 0 current" in again.said_of("plan").stdout
    after = {path.name for path in (restored / "public" / "v").iterdir()}
    assert before < after if LONG else before == after


def test_a_moved_project_runs_nothing_anew(reader: Reader, tmp_path: Path) -> None:
    """Copied whole into another folder: every run is as current there, or as old."""
    here = lpe(reader.root, "plan", "--source", "demo").stdout.splitlines()[-1]
    moved = tmp_path / "moved"
    shutil.copytree(reader.root, moved, symlinks=True, ignore=shutil.ignore_patterns("lock"))

    there = Reader(moved, reader.patch)
    there.read(MOVING)

    assert " 0 new, 0 changed" in here
    assert there.said_of("plan").stdout.splitlines()[-1] == here


def test_an_upgrade_is_seen_before_it_is_published(reader: Reader) -> None:
    """Without a new version of anything: nothing that is over has changed."""
    again = Reader(reader.root, reader.patch)
    again.read(UPGRADING)

    assert [text.split()[1] for text, _ in again.given][:5] == [
        "versions", "check", "build", "diff", "publish",
    ]  # fmt: skip


def test_three_rows_of_ones_own_become_a_page(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/own-data.md in a new project: its file, its source, its page."""
    reader = Reader(tmp_path, monkeypatch)
    told = lpe(tmp_path, "init", "our-office")
    assert told.returncode == 0, told.stderr
    reader.root = tmp_path / "our-office"

    reader.read(OWN_DATA)

    page = reader.root / "build/candidate/nyttjande/sluttider/ga-cop/2026-05.json"
    figure = json.loads(page.read_text("utf-8"))["key_figures"][0]
    assert "3 rows" in reader.said_of("extract").stdout
    # Two theatres, done at 13:10 and 11:35.
    assert abs(figure["value"] - (13 * 60 + 10 + 11 * 60 + 35) / 2) <= 0.5


def _copy_settings(source: Path, target: Path) -> None:
    for path in source.iterdir():
        if path.is_file():
            shutil.copy(path, target)
    if (source / "_extensions").is_dir():
        shutil.copytree(source / "_extensions", target / "_extensions")
