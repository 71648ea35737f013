"""Each kind of change runs exactly the runs that it concerns, and `lpe plan` says why.

The table of docs/plan.md is made of the cases here: they are tried on a real project of five
runs, and the page must say what they say.
"""

import html
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from changing_project import ChangingProject, copy_of_package
from kinds_of_change import ALL, CASES, SAME, SCIPY, UNCHANGED, Case

pytestmark = pytest.mark.promise(
    "builds", "A change runs exactly the runs that it concerns, and `lpe plan` says why"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ChangingProject:
    """The project with all its runs made, by a copy of the package that nobody edits meanwhile."""
    folder = tmp_path_factory.mktemp("changes")
    made = ChangingProject.make(folder / "project")
    made.path = (copy_of_package(folder / "site"),)
    assert made.build()["counts"]["built"] == len(ALL)
    return made


@pytest.mark.parametrize("name", CASES)
def test_a_change_runs_exactly_the_runs_that_it_concerns(
    built: ChangingProject, tmp_path: Path, name: str
) -> None:
    """`lpe plan` names them and says why; where it is built, these run and no others."""
    case = CASES[name]
    project = built.copy(tmp_path / "project")
    case.make(project)

    said = project.plan()

    others = {run: UNCHANGED for run in ALL if run not in (*case.says, *case.gone)}
    assert said == {**others, **{run: plan for run, (plan, _) in case.says.items()}}
    if case.built:
        _build(built, project, case, said)


def _build(
    before: ChangingProject, project: ChangingProject, case: Case, said: Mapping[str, str]
) -> None:
    runs = {f"{r['report']} {r['unit']} {r['period']}": r for r in project.build()["runs"]}

    ran = {run for run, told in runs.items() if told["status"] == "built"}
    assert ran == {run for run, told in said.items() if not told.startswith("current")}
    old, new = before.pages(), project.pages()
    assert {run for run in new if new[run] != old.get(run)} == set(case.other_pages)
    status = (project.project.candidate / "byggstatus" / "index.html").read_text("utf-8")
    reasons = re.findall(r'<td class="text">([^<]*)</td></tr>', html.unescape(status))
    expected = [case.says[run][1] if run in case.says else SAME for run in said]
    assert sorted(reasons[: len(expected)]) == sorted(expected)
    # What was made is now as current as the rest.
    assert set(project.plan().values()) == {UNCHANGED}


def test_the_docs_tell_what_is_tried_here(root: Path) -> None:
    """Change a case, and docs/plan.md has to say the same (LPE_WRITE_DOCS=1 writes it)."""
    page = root / "docs" / "plan.md"
    text = page.read_text("utf-8")
    begin, end = "<!-- changes -->\n", "<!-- /changes -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    if os.environ.get("LPE_WRITE_DOCS") == "1":
        page.write_text(before + begin + _table() + end + after, "utf-8")
        return

    assert text == before + begin + _table() + end + after


def _table() -> str:
    lines = ["| changed | runs that run | `lpe plan` says | the site says (Byggstatus) |"]
    lines.append("|---|---|---|---|")
    for case in CASES.values():
        told = dict.fromkeys(case.says.values()) or {(UNCHANGED, SAME): None}
        plan = "<br>".join(f"`{plan.replace(SCIPY, '1.16.0')}`" for plan, _ in told)
        site = "<br>".join(site for _, site in told)
        lines.append(f"| {case.change} | {case.runs} | {plan} | {site} |")
    return "\n".join(lines) + "\n"


def test_deciding_that_nothing_changed_imports_nothing_heavy(built: ChangingProject) -> None:
    """Neither what reads data nor what runs notebooks, in the whole of `lpe plan`."""
    code = (
        "import sys\nfrom lpe_reports.cli import main\nsys.argv = ['lpe', 'plan']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'numpy', 'pyarrow', 'papermill', 'altair', 'duckdb', 'scipy',\n"
        "         'statsmodels', 'pandera', 'IPython', 'holidays'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = built.python(code)

    assert done.out.splitlines()[-2:] == [
        "night 2026-05-11: 5 runs, 0 new, 0 changed, 5 current", "[]",
    ]  # fmt: skip
