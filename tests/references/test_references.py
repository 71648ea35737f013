"""What references promise: every kind of page has one, and whatever a page means stands in it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from demo_project import demo_project, shared_folder
from lpe_reports.build.running import executed
from lpe_reports.display.content import parse_block
from lpe_reports.params.loading import Params, load_params
from lpe_reports.settings import Project
from references import choosing
from references.__main__ import main
from references.choosing import Page
from references.comparing import differences, outputs_text, same
from references.listing import block_lines
from sample_page import sample_items

pytestmark = pytest.mark.promise(
    "authors",
    "Whatever a page means stands in its stored reference run, and one changed number is one line",
)

LAST_NIGHT = date(2026, 5, 11)  # of the demo
LARGEST_BYTES = 300_000  # more than that, nobody reads in a review
ALL = choosing.stored()
CHEAP = Page("end_times", "ga-cop", "2026-04")
# What a reference leaves out: look, what repeats a chart's own rows, and what is of no page.
LOOK = {"narrow", "width", "type", "told", "tooltip", "digest"}
DRAWN = {"layer", "data"} | set(range(20))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the demo's last night; nobody writes in it."""
    return demo_project(shared_folder(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="module")
def params(root: Path) -> Params:
    """The project's params."""
    return load_params(Project(root))


def test_every_kind_of_page_has_a_reference(params: Params) -> None:
    """Each report × kind of unit × kind of period; `make references` adds what is wanting."""
    wanting = [str(page) for page in choosing.wanting(params, LAST_NIGHT, ALL)]

    assert wanting == [], f"run: make references PAGES='{' '.join(wanting)}'"


@pytest.mark.parametrize("page", ALL, ids=str)
def test_reference_is_of_its_notebook_as_it_is(page: Page, root: Path, params: Params) -> None:
    """The same cells and parameters, in a file that is small enough to be read."""
    report = params.reports[page.report]
    source = json.loads((root / report.notebook).read_text(encoding="utf-8"))
    reference = json.loads(page.path.read_text(encoding="utf-8"))
    injected, cells = [], []
    for cell in reference["cells"]:
        ours = executed.INJECTED_TAG in cell["metadata"].get("tags", [])
        (injected if ours else cells).append(cell)

    written = [(c["cell_type"], "".join(c["source"])) for c in executed.prepare(source)["cells"]]
    told: dict[str, Any] = {}
    exec("".join(injected[0]["source"]), told)
    assert [(c["cell_type"], "".join(c["source"])) for c in cells] == written, "make references"
    expected = choosing.parameters_of(page, report)
    assert {name: told[name] for name in expected} == expected, "make references"
    assert page.path.stat().st_size < LARGEST_BYTES


def test_numbers_are_the_same_where_nobody_could_tell_them_apart() -> None:
    """Another processor's last bits are no difference; a tenth digit is one."""
    assert same("- 2026-W19 | 0.9648241206", "- 2026-W19 | 0.96482412060301")
    assert not same("- 2026-W19 | 0.9648241206", "- 2026-W19 | 0.9648241306")
    assert not same("- 2026-W19 | 18", "- 2026-W19 | 17")
    assert not same("- 2026-W19 | 18", "- 2026-W18 | 18")
    assert not same("value: 18", "values: 18")


def test_one_changed_number_is_one_line_of_the_difference() -> None:
    """Also beside a row that is new, which moves all lines after it."""
    before = "\n".join(f"- 2026-W{week} | {week / 3:.10g}" for week in range(10, 40))
    now = "- 2026-W40 | 1\n" + before.replace("| 7\n", "| 8\n")
    now = now.replace("6.666666667", "6.6666666666666")

    changed = [line for line in differences(before, now) if line[:2] in ("- ", "+ ", "+-", "--")]

    assert [line for line in changed if not line.startswith("---")] == [
        "+- 2026-W40 | 1", "-- 2026-W21 | 7", "+- 2026-W21 | 8",
    ]  # fmt: skip


def test_whatever_a_page_means_stands_in_its_reference() -> None:
    """Each text, number and judgement of tables, figures and drawings: changed, it is seen."""
    unseen = []
    tried = 0
    for block in (item for item in sample_items() if not isinstance(item, str)):
        plain = block.model_dump(mode="json")
        lines = list(block_lines(block))
        for holder, key in _leaves(plain):
            old, holder[key] = holder[key], _other(holder[key])
            try:
                told = list(block_lines(parse_block(json.loads(json.dumps(plain)))))
            except ValidationError:
                continue  # there can be no such page
            finally:
                holder[key] = old
            tried += 1
            if told == lines:
                unseen.append((block.type, key, old))

    assert unseen == []
    assert tried > 500


def test_a_changed_number_is_told_with_page_cell_and_what_to_do(
    demo: Path, tmp_path: Path, root: Path
) -> None:
    """By nbval and a real kernel: report, unit, period, cell, the line, and `make references`."""
    place = tmp_path / CHEAP.report / CHEAP.unit
    place.mkdir(parents=True)
    reference = json.loads(CHEAP.path.read_text(encoding="utf-8"))
    cell = next(c for c in reference["cells"] if "p.key_figures" in "".join(c["source"]))
    lines = cell["outputs"][0]["data"]["text/plain"]
    at, line = next((n, each) for n, each in enumerate(lines) if "value: " in each)
    lines[at] = line.replace("value: ", "value: 1")
    (place / CHEAP.path.name).write_text(json.dumps(reference), encoding="utf-8")
    own = (root / "tests" / "references" / "conftest.py").read_text(encoding="utf-8")
    (tmp_path / "conftest.py").write_text(own, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {root / 'tests'}\n", "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "LPE_TEST_DEMO": str(demo)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    number = reference["cells"].index(cell)  # from 1 without the injected cell before it
    assert "1 failed" in done.stdout, done.stdout + done.stderr
    place_told = f"report end_times, unit ga-cop, period 2026-04, cell {number} ({cell['id']})"
    assert place_told in done.stdout
    assert f"-{lines[at].rstrip()}\n+{line.rstrip()}\n" in done.stdout
    assert f"make references PAGES={CHEAP}" in done.stdout


def _renew(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.references", *arguments],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_renewing_what_holds_changes_nothing(demo: Path, root: Path) -> None:
    """The command runs what builds run, here in forked processes: an ordinary kernel agrees."""
    before = CHEAP.path.stat().st_mtime_ns

    done = _renew(root, "--project", str(demo), str(CHEAP))

    assert (done.returncode, done.stdout) == (0, f"{CHEAP}: as before\n"), done.stderr
    assert CHEAP.path.stat().st_mtime_ns == before


def test_renewing_an_unknown_page_says_so(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report, unit or period that is none, in words and with exit code 2."""
    for asked, told in (
        ("wekly", "no report is called wekly"),
        ("weekly/orto/2026-W19", "orto"),
        ("weekly/ortopedi/2026-19", "2026-19"),
        ("weekly/a/b/c", "weekly/a/b/c"),
    ):
        monkeypatch.setattr(sys, "argv", ["references", "--project", str(demo), asked])
        assert main() == 2
        assert told in capsys.readouterr().err


def test_what_is_printed_is_compared_too() -> None:
    """Standard output and error, and values that are no block."""
    printed = {"output_type": "stream", "name": "stdout", "text": "3 rader\n"}
    value = {"output_type": "execute_result", "data": {"text/plain": "18", "text/html": "<b>"}}

    assert outputs_text([printed, value]) == "stdout\n3 rader\n18"


def _leaves(value: Any, name: str = "") -> Iterator[tuple[Any, Any]]:
    """Where each text, number and yes or no stands, as a container and a key."""
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, each in pairs:
        if key in LOOK or (name == "spec" and key not in DRAWN):
            continue
        if isinstance(each, dict | list):
            # Inside a drawing only the rows that it is made of.
            inside = key == "spec" or (name == "spec" and key != "data")
            yield from _leaves(each, "spec" if inside else "")
        elif each is not None:
            yield value, key


def _other(value: Any) -> Any:
    """A value of the same kind, and where few words are known, another of them."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    pairs = [("up", "down"), ("good", "bad"), ("under", "over"), ("count", "days")]
    return dict(pairs + [(b, a) for a, b in pairs]).get(value, f"{value}x")
