"""A page that has passed the gate as it is need not be looked at again."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.errors import GateError
from lpe_reports.publish import inspecting, passed
from lpe_reports.publish.gate import pass_gate
from lpe_reports.settings import Project

pytestmark = pytest.mark.promise(
    "disclosure",
    "The gate passes over a page only where nothing of page, gate or secrets is new",
)

PAGE = (
    '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Sida</title></head>'
    "<body><h1>Sida</h1>{}</body></html>"
)
PAGES = 6


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose candidate has six pages with a table each, which lead to each other."""
    made = Project(tmp_path / "office")
    for number in range(PAGES):
        link = f'<a href="{(number + 1) % PAGES}.html#efter">Nästa</a><h2 id="efter">Efter</h2>'
        _write(made, f"a/{number}.html", PAGE.format(link))
        _write(made, f"a/{number}/t.csv", f"vecka;antal\n2026-W19;{number}\n")
    return made


def _write(project: Project, name: str, text: str) -> None:
    path = project.candidate / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _counts(project: Project) -> tuple[int, int]:
    """How many pages were looked at, and how many had passed before."""
    report = json.loads((project.build / "gate.json").read_bytes())
    return report["looked_at"], report["passed_before"]


def _refused(project: Project) -> str:
    with pytest.raises(GateError) as error:
        pass_gate(project.candidate, project)
    return str(error.value)


def test_pages_that_are_as_they_were_are_not_looked_at(project: Project) -> None:
    """A night with one new page looks at that one."""
    pass_gate(project.candidate, project)
    assert _counts(project) == (PAGES, 0)
    _write(project, "a/3/t.csv", "vecka;antal\n2026-W19;77\n")

    pass_gate(project.candidate, project)

    assert _counts(project) == (1, PAGES - 1)
    pass_gate(project.candidate, project)
    assert _counts(project) == (0, PAGES)


def test_what_is_new_in_a_page_is_found(project: Project) -> None:
    """In any of its files; and it is looked at until it is right, as often as it takes."""
    pass_gate(project.candidate, project)
    _write(project, "a/3/t.csv", "vecka;antal\n2026-W19;19121212-1212\n")

    assert "a/3/t.csv: personal identity number" in _refused(project)
    assert "a/3/t.csv: personal identity number" in _refused(project)
    assert _counts(project) == (1, PAGES - 1)


def test_a_file_that_comes_to_a_page_or_leaves_it_makes_it_new(project: Project) -> None:
    """What a page is known by are its files' names too."""
    pass_gate(project.candidate, project)
    shutil.move(project.candidate / "a/3/t.csv", project.candidate / "a/3/u.csv")
    _write(project, "a/4/u.csv", "x\n")

    pass_gate(project.candidate, project)

    assert _counts(project) == (2, PAGES - 2)


def test_a_link_into_a_page_that_changed_is_followed(project: Project) -> None:
    """The page that has the link is as it was; where it leads to is not there any more."""
    pass_gate(project.candidate, project)
    _write(project, "a/4.html", PAGE.format("<p>Slut</p>"))

    told = _refused(project)

    assert "a/3.html: link to a place that the page does not have" in told
    assert _counts(project) == (1, PAGES - 1)


def test_a_secret_that_is_new_is_looked_for_everywhere(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page may hold what was no secret when it passed."""
    _write(project, "a/2/t.csv", "x\nvinterns-Blommor-77\n")
    pass_gate(project.candidate, project)
    monkeypatch.setenv("LPE_KEY_SECRET", "vinterns-Blommor-77")

    assert "a/2/t.csv: secret of this project" in _refused(project)
    assert _counts(project) == (PAGES, 0)
    assert "vinterns" not in (project.build / passed.FILE).read_text(encoding="utf-8")
    _write(project, "a/2/t.csv", "x\n")
    pass_gate(project.candidate, project)
    assert _counts(project) == (1, PAGES - 1)


def test_another_package_or_library_looks_at_everything(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that was mended must see the pages that an older one let through."""
    pass_gate(project.candidate, project)
    with monkeypatch.context() as mended:
        mended.setattr(passed, "package_digest", lambda *parts: "another")
        pass_gate(project.candidate, project)
    assert _counts(project) == (PAGES, 0)

    pass_gate(project.candidate, project)

    assert _counts(project) == (PAGES, 0)


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "other", "gone"])
def test_damaged_memory_is_no_memory(project: Project, damage: str) -> None:
    """Whatever happened to it, all pages are looked at, and it is written anew."""
    pass_gate(project.candidate, project)
    path = project.build / passed.FILE
    whole = path.read_bytes()
    match damage:
        case "flipped":
            path.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
        case "cut":
            path.write_bytes(whole[:-9])
        case "empty":
            path.write_bytes(b"")
        case "other":
            path.write_bytes(b"[]\n[]\n")
        case _:
            path.unlink()

    pass_gate(project.candidate, project)

    assert _counts(project) == (PAGES, 0)
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[1])["pages"]


def test_pages_that_nobody_could_look_at_are_not_remembered(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process died: none of its pages has passed, whichever it was."""
    monkeypatch.setattr(inspecting, "_WORTH_A_PROCESS", 0)
    with monkeypatch.context() as dying:
        dying.setattr(inspecting.sys, "executable", shutil.which("false"))
        assert "files that nobody could look at" in _refused(project)
    seen, _ = _counts(project)

    pass_gate(project.candidate, project)

    assert _counts(project) == (PAGES - seen, seen)
    assert 0 < seen < PAGES


def test_only_pages_of_the_candidate_are_remembered(project: Project) -> None:
    """So that it does not grow with the years."""
    pass_gate(project.candidate, project)
    shutil.rmtree(project.candidate / "a" / "0")

    pass_gate(project.candidate, project)

    lines: Any = (project.build / passed.FILE).read_text(encoding="utf-8").splitlines()
    assert len(json.loads(lines[1])["pages"]) == PAGES
    assert (project.build / passed.FILE).stat().st_mode & 0o077 == 0
