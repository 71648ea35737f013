"""A small real project: its own warehouse, params and notebooks, run by its command line."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import nbformat

import lpe_reports
from chart_library import share_chart_library
from lpe_reports.settings import Project
from parsed_params import share_parsed_params
from small_warehouse import NIGHT, ROOT, SmallOffice, small_office

SOURCES = """
default: demo
sources:
  demo:
    kind: duckdb
    demo: true
    demo_key_secret: the demo has nothing to hide
    path: data/demo/warehouse.duckdb
    aliases: {hospital: {Annan: other}}
    tables: {operations: {}, needs: {}, waiting_list: {}, sessions: {}, targets: {}}
"""
# Four pages of two units, one month over and one under way; and one page of another kind.
USE = """notebook: reports/use.ipynb
area: nyttjande
slug: use
title: Användning
question: Hur mycket?
owner: a@example.invalid
units: [hu-cop, ga-cop]
periods: {kind: month, last: 2}
parameters: {weeks: 4}
"""
WAIT = """notebook: reports/wait.ipynb
area: uppfoljning
slug: wait
title: Väntan
question: Hur länge?
owner: a@example.invalid
units: [hu-cop]
periods: {kind: week, last: 1}
"""
USE_CELLS = [
    "from lpe_reports import page\np = page.open('use', unit=unit, period=period, weeks=weeks)",
    "operations = p.series('operations', last=2)\np.summary(operations)",
    "#:Hur det ser ut.",
    "p.table(operations, caption='Operationer')",
    "p.note('Med bemanning' if p.has('staffing') else 'Utan bemanning')",
    "p.note(f'Natten {p.night}' if unit == 'ga-cop' and period == '2026-04' else 'Ingen natt')",
    "p.note(p.params.units.get('bo').name if unit == 'ga-cop' else 'Här')",
]
WAIT_CELLS = [
    "from lpe_reports import page\np = page.open('wait', unit=unit, period=period)",
    "import helper\nfrom pathlib import Path\n"
    "p.note(helper.WORDS + ' ' + Path('beside.csv').read_text('utf-8'))",
    "days = {'start': p.period.start, 'end': p.period.end}\n"
    "rows = p.read('operations', units=[unit], columns=['surgery_start_at'], **days)",
    "waiting = p.series('waiting', last=2)\np.summary(waiting)",
]
TARGET = {
    "measure": "operations", "unit": "Bo - Op-c", "valid_from": date(2023, 1, 1),
    "valid_to": date(2099, 12, 31), "value": 45.0, "direction": "up",
}  # fmt: skip
MAIN = "import sys; from lpe_reports.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err[-3000:]
        # Events may come before it, a line each.
        return json.loads(self.out.splitlines()[-1])


class ChangingProject:
    """A project in a folder, and its command line.

    Args:
        root: Its folder.
        path: What comes first on Python's path of its commands.
    """

    command_seconds = 200  # how long one may take

    def __init__(self, root: Path, path: Sequence[Path] = ()) -> None:
        self.root = root
        self.project = Project(root)
        self.path = tuple(path)

    @classmethod
    def make(cls, root: Path) -> "ChangingProject":
        """A new one, with a night."""
        root.mkdir(parents=True)
        made = cls(root)
        office = made.office()
        shutil.copytree(ROOT / "params", root / "params")
        shutil.rmtree(root / "params" / "reports")
        (root / "params" / "reports").mkdir()
        # The packs are of reports that this one does not have.
        (root / "params" / "packs.yml").unlink()
        shutil.copy(ROOT / "_quarto.yml", root)
        office.sources(SOURCES)
        (root / "reports").mkdir()
        (root / "reports" / "helper.py").write_text("WORDS = 'Hjälp'\n", encoding="utf-8")
        (root / "reports" / "beside.csv").write_text("Bredvid\n", encoding="utf-8")
        made.report("use", USE, USE_CELLS, 'unit = "hu-cop"\nperiod = "2026-04"\nweeks = 8')
        made.report("wait", WAIT, WAIT_CELLS, 'unit = "hu-cop"\nperiod = "2026-W19"')
        office.extract()
        share_chart_library(made.project)
        share_parsed_params(made.project)
        return made

    def copy(self, root: Path) -> "ChangingProject":
        """Another one like it, with its build."""
        shutil.copytree(self.root, root, symlinks=True)
        return ChangingProject(root, self.path)

    def office(self) -> SmallOffice:
        """The warehouse as it was made, to be changed and extracted anew."""
        scratch = self.root / "scratch"
        scratch.mkdir()
        tables = small_office(scratch).tables
        shutil.rmtree(scratch)
        return SmallOffice(self.root, {**tables, "targets": [dict(TARGET)]})

    def report(self, name: str, params: str, cells: Sequence[str], parameters: str) -> None:
        """Write a report: its params and its notebook (cells that begin with `#:` are prose)."""
        (self.root / "params" / "reports" / f"{name}.yml").write_text(params, encoding="utf-8")
        tagged = nbformat.v4.new_code_cell(parameters, id="parameters")
        tagged.metadata["tags"] = ["parameters"]
        made = [nbformat.v4.new_raw_cell("---\ntitle: Liten\n---", id="title"), tagged]
        for number, text in enumerate(cells):
            prose = text.startswith("#:")
            new = nbformat.v4.new_markdown_cell if prose else nbformat.v4.new_code_cell
            made.append(new(text.removeprefix("#:"), id=f"cell-{number}"))
        path = self.root / "reports" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        notebook = nbformat.v4.new_notebook(cells=made)
        path.write_text(nbformat.writes(notebook), encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in one of its files."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def lpe(self, *arguments: str) -> Said:
        """Run a command."""
        return self.python(MAIN, *arguments)

    def python(self, code: str, *arguments: str) -> Said:
        """Run some Python as a command's own."""
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=self.root, env=self.environment,
            capture_output=True, text=True, timeout=self.command_seconds, check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Begin a command, in a session of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", MAIN, *arguments], cwd=self.root, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        path = [*map(str, self.path), os.environ.get("PYTHONPATH", "")]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in path if p)}

    def plan(self) -> dict[str, str]:
        """What `lpe plan` says of each run."""
        runs = self.lpe("plan", "--json").json["runs"]
        return {name_of(run): f"{run['status']}: {run['reason']}" for run in runs}

    def build(self, *, jobs: int = 1) -> Mapping[str, Any]:
        """What came of `lpe build`, as `--json` tells it."""
        body = self.lpe("build", "--json", "--jobs", str(jobs)).json
        assert isinstance(body, dict)
        return body

    def pages(self) -> dict[str, bytes]:
        """The page of each run in the candidate."""
        record = json.loads((self.project.candidate / "build.json").read_bytes())
        return {
            name_of(run): (self.project.candidate / run["address"]).read_bytes()
            for run in record["runs"]
        }

    def tree(self, *but: str) -> dict[str, bytes]:
        """Every file of the candidate by name, without some folders and files."""
        folder = self.project.candidate
        return {
            name: path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
            and not (name := path.relative_to(folder).as_posix()).startswith(tuple(but) or ("/",))
        }


def copy_of_package(site: Path) -> Path:
    """The package in a folder of its own: nobody edits it while commands run."""
    package = Path(lpe_reports.__file__).parent
    shutil.copytree(package, site / "lpe_reports", ignore=shutil.ignore_patterns("__pycache__"))
    return site


def name_of(run: Mapping[str, Any]) -> str:
    return f"{run['report']} {run['unit']} {run['period']}"


__all__ = ["NIGHT", "ChangingProject", "Said", "copy_of_package", "name_of"]
