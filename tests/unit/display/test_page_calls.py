"""docs/page-calls.md names every call of a page, and each of its examples runs."""

import ast
import inspect
import re

import pytest

from lpe_reports import page
from lpe_reports.display.page import Page
from lpe_reports.display.shown import Shown
from lpe_reports.settings import Project
from small_warehouse import ROOT

TEXT = (ROOT / "docs" / "page-calls.md").read_text(encoding="utf-8")
CELLS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
NAMED = {
    name for line in re.findall(r"^### (.*)$", TEXT, re.MULTILINE) for name in line.split(", ")
}


def test_every_call_of_a_page_is_documented(
    office: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Methods, properties and what a page knows: each has its heading, and none too many."""
    monkeypatch.setenv("LPE_PROJECT", str(office.root))
    opened = page.open("weekly", unit="ortopedi", period="2026-W19")

    known = {f"p.{name}" for name in dir(opened) if not name.startswith("_")}

    assert known == NAMED
    for name in known:
        member = inspect.getattr_static(Page, name.removeprefix("p."), None)
        assert member is None or inspect.getdoc(member), f"{name} has no docstring"


def test_every_example_runs_as_a_cell(office: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """One notebook of all examples: each cell runs, and what it shows is shown."""
    monkeypatch.setenv("LPE_PROJECT", str(office.root))
    monkeypatch.setenv("LPE_RUN", "1")
    names: dict[str, object] = {}
    shown = []

    for cell in CELLS:
        *steps, last = ast.parse(cell).body
        exec(compile(ast.Module(steps, []), "cell", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            if isinstance(value, Shown):
                value._repr_mimebundle_()
                shown.append(value.call)
        else:
            exec(compile(ast.Module([last], []), "cell", "exec"), names)
    page.close()

    calls = {f"p.{call.removeprefix('p.').partition('(')[0]}" for call in shown}
    showing = {
        f"p.{name}"
        for name, member in inspect.getmembers(Page, inspect.isfunction)
        if not name.startswith("_")
        and inspect.signature(member).return_annotation in (Shown, "Shown")
    }
    assert showing == calls
