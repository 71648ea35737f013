"""A project of a few cells in a temporary folder, for tests that run real notebooks in it."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import nbformat

from lpe_reports.build.execute import execute
from lpe_reports.build.planning.plan import Plan, make_plan
from lpe_reports.build.planning.selection import Selection
from lpe_reports.build.planning.traces import Question
from lpe_reports.build.running.runners import Runners
from lpe_reports.build.runs import ExecutedRun
from lpe_reports.display.blocks import MIME
from lpe_reports.params.reports import Report, Subject, UnitsOfKind, Window
from lpe_reports.params.units import UnitKind
from lpe_reports.periods import PeriodKind
from lpe_reports.settings import Project

NIGHT = date(2026, 5, 11)
PARAMETERS = 'unit = "a"\nperiod = "2026-W18"\nweeks = 8'

# What `page.close()` leaves behind, as a page that has read one slice of one table.
CLOSE = """
import json, os, pathlib
from IPython.display import display
data = json.loads(pathlib.Path(os.environ["LPE_PROJECT"], "data.json").read_text())
display({"application/vnd.lpe.trace+json": {
    "questions": [{"table": "operations", "units": [unit],
                   "parts_digest": data[unit]["parts"], "answer_digest": data[unit]["answer"]}],
    "params": {"site": data["params"]["site"]},
    "modules": {},
}}, raw=True)
"""


def telling(words: str) -> str:
    """A cell that shows a sentence on its page, made of Python expressions ("'made', unit")."""
    block = f"{{'type': 'note', 'text': ' '.join(map(str, ({words},)))}}"
    return f"from IPython.display import display\ndisplay({{'{MIME}': {block}}}, raw=True)"


def told(notebook: Path | None) -> str:
    """The sentences that an executed notebook shows."""
    assert notebook is not None
    blocks = (
        output["data"][MIME]
        for cell in json.loads(notebook.read_bytes())["cells"]
        for output in cell.get("outputs", [])
    )
    return " ".join(block["text"] for block in blocks if "text" in block)


def source_notebook(cells: Sequence[str], parameters: str | None = PARAMETERS) -> dict[str, Any]:
    """A notebook of code cells (those that begin with `#:` are prose) with stable ids."""
    made = [nbformat.v4.new_markdown_cell("# A tiny report", id="title")]
    if parameters is not None:
        cell = nbformat.v4.new_code_cell(parameters, id="parameters")
        cell.metadata["tags"] = ["parameters"]
        made.append(cell)
    for number, text in enumerate(cells):
        new = nbformat.v4.new_markdown_cell if text.startswith("#:") else nbformat.v4.new_code_cell
        made.append(new(text.removeprefix("#:"), id=f"cell-{number}"))
    return dict(nbformat.v4.new_notebook(cells=made))


def tiny_report(name: str = "tiny", *, units: str = "a", weeks: int = 1, **more: Any) -> Report:
    """A report for some units and the last weeks."""
    return Report(
        id=name,
        notebook=f"reports/{name}.ipynb",
        area="nyttjande",
        slug=name,
        title=name,
        question="?",
        owner="a@example.invalid",
        units=UnitsOfKind(kind=UnitKind.OPERATING_UNIT),
        periods=Window(kind=PeriodKind.WEEK, last=weeks),
        subjects=tuple(Subject(id=u, name=u, short=u, slug=u) for u in units),
        **more,
    )


class TinyProject:
    """A project with reports for the units a, b, c and the last two weeks.

    Args:
        root: Its folder.
        runners: Where its notebooks run; in workers of each build's own when None.
    """

    @classmethod
    def again(cls, root: Path) -> "TinyProject":
        """One that is there, with its build; reports have to be written anew."""
        shutil.rmtree(root / "params")
        return cls(root)

    def __init__(self, root: Path, runners: Runners | None = None) -> None:
        self.project = Project(root)
        self.runners = runners
        self.reports: dict[str, Report] = {}
        (root / "params").mkdir(parents=True)
        (root / "_quarto.yml").write_text("project:\n  type: website\n", encoding="utf-8")
        self.write_data(dict.fromkeys("abc", 1))

    def write_data(self, content: Mapping[str, int], *, parts: int = 0, site: str = "s") -> None:
        """Set what each unit's slice holds; other `parts` are the same data laid out anew."""
        data: dict[str, Any] = {
            unit: {
                "parts": f"{value}/{parts}",
                "answer": hashlib.sha256(bytes([value])).hexdigest(),
            }
            for unit, value in content.items()
        }
        data["params"] = {"site": site}
        (self.project.root / "data.json").write_text(json.dumps(data), encoding="utf-8")

    def write_report(
        self,
        cells: Sequence[str],
        *,
        name: str = "tiny",
        units: str = "a",
        weeks: int = 1,
        timeout_seconds: int = 60,
        parameters: str | None = PARAMETERS,
        given: Mapping[str, Any] | None = None,
        engine: Literal["fork", "kernel"] | None = None,
    ) -> Path:
        """Write a notebook and the report that runs it."""
        path = self.project.reports / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(nbformat.writes(nbformat.from_dict(source_notebook(cells, parameters))))
        self.reports[name] = tiny_report(
            name,
            units=units,
            weeks=weeks,
            timeout_seconds=timeout_seconds,
            engine=engine,
            parameters=dict(given or {}),
        )
        return path

    def plan(self, selection: Selection | None = None, *, fresh: bool = False) -> Plan:
        """Plan the project's night."""
        return make_plan(
            self.project, self.reports, NIGHT, lambda: TinyEvidence(self.project), selection,
            fresh=fresh,
        )  # fmt: skip

    def build(self, *, jobs: int = 2, close: str = CLOSE) -> list[ExecutedRun]:
        """Plan and execute."""
        return execute(
            self.project, self.plan(), jobs=jobs, runners=self.runners, close_source=close
        )

    def remove_build(self) -> None:
        """As on a machine that has never built."""
        shutil.rmtree(self.project.build, ignore_errors=True)


class TinyEvidence:
    """How `data.json` stands now; counts how often data was read."""

    def __init__(self, project: Project) -> None:
        self._data = json.loads((project.root / "data.json").read_text())
        self.asked = 0
        self.manifest = ""  # none: each question is compared

    def params_digest(self, entry: str) -> str | None:
        digest = self._data["params"].get(entry)
        return None if digest is None else str(digest)

    def file_digest(self, name: str) -> str:
        return str(self._data["params"].get(name))

    def parts_digest(self, question: Question) -> str:
        return str(self._data[question["units"][0]]["parts"])

    def answer_digest(self, question: Question) -> str | None:
        self.asked += 1
        return str(self._data[question["units"][0]]["answer"])
