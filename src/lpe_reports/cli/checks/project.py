"""Everything wrong in a project, in one list; nothing is run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lpe_reports.build.planning.notebooks import SourceNotebook, notebook_of
from lpe_reports.cli.checks import rules
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import (
    RULES,
    Finding,
    Level,
    Part,
    find_in,
    found,
    project_rule,
)
from lpe_reports.cli.checks.notebook import Notebook, open_notebook
from lpe_reports.cli.checks.params import ParamsCheck
from lpe_reports.errors import LpeError, NotebookError, RenderError, UsageError
from lpe_reports.settings import MARKER, Project

__all__ = ["check_project", "looked_at", "notebooks_of", "rules"]

NOTEBOOK = project_rule(
    "notebook",
    Part.FILE,
    "A file that is no notebook of nbformat 4, or holds half of a sign.",
    "Open and save it in JupyterLab.",
)
ENCODING = project_rule(
    "encoding",
    Part.FILE,
    "A notebook, or a file of params, that is not UTF-8 or begins with a byte order mark.",
    "Save it as UTF-8, without a mark (BOM).",
)
LINE_ENDS = project_rule(
    "line-ends",
    Part.FILE,
    "Line ends of Windows (CRLF) in a notebook or a file of params.",
    "Save it with line ends LF: every line is a change otherwise.",
    level=Level.NOTE,
)
NO_REPORT = project_rule(
    "no-report",
    Part.PROJECT,
    "A notebook in reports/ that no file in params/reports names.",
    "`lpe new` makes both; or move it out of reports/.",
)
UNHONOURED = project_rule(
    "unhonoured",
    Part.SHOWN,
    "A construct of the prose that no page honours.",
    "docs/constructs.md has what there is.",
    level=Level.NOTE,
    allowed=True,
)
ALLOW_UNUSED = project_rule(
    "allow-unused",
    Part.SHOWN,
    "A comment `# lpe: allow …` that nothing needs any more.",
    "Take it away.",
    level=Level.NOTE,
)
EXTRACT = project_rule(
    "extract",
    Part.PROJECT,
    "The newest extract is damaged: a file's digest is not the manifest's.",
    "`lpe extract` makes it again.",
)
TEMPLATES = project_rule(
    "templates",
    Part.PROJECT,
    "Templates of `quarto render` that are not those of the installed package.",
    "The next `lpe build` renews them.",
    level=Level.NOTE,
)
FUTURE_NIGHT = project_rule(
    "future-night",
    Part.PROJECT,
    "An extract of a day that has not been.",
    "`lpe prune` removes it when it is old enough, or remove the folder.",
    level=Level.NOTE,
)


_PICTURES = (".svg", ".png", ".jpg", ".jpeg")


def notebooks_of(project: Project) -> list[Path]:
    """The source notebooks of a project."""
    return [path for path in _called_notebooks(project) if path.is_file()]


def _called_notebooks(project: Project) -> list[Path]:
    every = sorted(project.reports.rglob("*.ipynb"))
    return [path for path in every if ".ipynb_checkpoints" not in path.parts]


def looked_at(project: Project, files: Iterable[Path]) -> list[Path]:
    """The files of some that a check looks at: notebooks of reports/, params and `_quarto.yml`.

    Raises:
        UsageError: One is not there, or lies outside the project.
    """
    known: list[Path] = []
    every = notebooks_of(project)
    for file in files:
        path = file.resolve()
        if not path.is_relative_to(project.root.resolve()):
            raise UsageError(f"{file.as_posix()} lies outside the project")
        if not path.is_file():
            raise UsageError(f"there is no file {file.as_posix()}")
        name = project.relative(path)
        if _is_params(name):
            known.append(path)
        elif name.startswith("reports/"):
            # A picture is its notebook's, which lies beside it or above.
            known += [n for n in every if n.resolve() == path or _shows(n, path)]
    return list(dict.fromkeys(known))


def check_project(project: Project, files: Sequence[Path] | None = None) -> list[Finding]:
    """All findings, errors and notes, in the order of the files.

    Args:
        project: The project.
        files: Look at these files alone, as `looked_at` gives them. With one of params among them
            at all notebooks too, since they name what stands there; the extract only without
            files.
    """
    names = None if files is None else {project.relative(path) for path in files}
    if names is not None and not names:
        return []
    with_params = names is None or any(map(_is_params, names))
    params = ParamsCheck(project)
    params.read_facts()
    if with_params:
        params.look_at_the_rest()
    every = notebooks_of(project)
    if with_params or names is None:
        chosen, findings = every, list(params.findings)
    else:
        chosen, findings = [path for path in every if project.relative(path) in names], []
    texts = [*chosen, *(_params_files(project) if len(chosen) == len(every) else ())]
    for path in texts:
        findings += _text_faults(project, path)
    findings += _notebooks(project, chosen, params.facts)
    if names is None:
        findings += _no_files(project)
        findings += _templates(project)
        findings += _extract(project)
    return list(dict.fromkeys(findings))


def _shows(notebook: Path, picture: Path) -> bool:
    return picture.suffix in _PICTURES and notebook.resolve().parent in picture.parents


def _is_params(name: str) -> bool:
    return name == MARKER or (name.startswith("params/") and name.endswith(".yml"))


def _params_files(project: Project) -> list[Path]:
    return [project.root / MARKER, *sorted(project.params.rglob("*.yml"))]


def _text_faults(project: Project, path: Path) -> Iterator[Finding]:
    name = project.relative(path)
    try:
        data = path.read_bytes()
        data.decode()
    except UnicodeDecodeError:
        fix = ", which `lpe check --fix` cannot clear as it is" if path.suffix == ".ipynb" else ""
        yield found(ENCODING, name, f"not UTF-8; save it as UTF-8{fix}")
        return
    except OSError:
        return  # it is told as missing
    if data.startswith(b"\xef\xbb\xbf"):
        yield found(ENCODING, name, "begins with a byte order mark; save it as UTF-8 without BOM")
    if b"\r\n" in data:
        yield found(LINE_ENDS, name, "has the line ends of Windows (CRLF); save it with LF")


def _notebooks(project: Project, paths: Sequence[Path], facts: Facts) -> Iterator[Finding]:
    """What rules find, less what a cell is let off."""
    opened: list[Notebook] = []
    for path in paths:
        try:
            opened.append(open_notebook(path, project))
        except NotebookError as error:
            name = project.relative(path)
            yield found(NOTEBOOK, name, str(error).removeprefix(f"{name}: "))
    unhonoured = list(_unhonoured(opened))
    for notebook in opened:
        if facts.whole and not facts.runs(notebook.name):
            said = "no file in params/reports names it; `lpe new` makes both, or move it elsewhere"
            yield found(NO_REPORT, notebook.name, said)
        of_prose = [one for one in unhonoured if one.file == notebook.name]
        yield from _less_allowed(notebook, [*find_in(notebook, facts), *of_prose])


def _less_allowed(notebook: Notebook, findings: Sequence[Finding]) -> Iterator[Finding]:
    allowed = {
        (cell.number, f"lpe.{one.rule}"): one
        for cell in notebook.cells
        for one in cell.allowances
        if one.why and f"lpe.{one.rule}" in RULES
    }
    used = set()
    for finding in findings:
        key = (finding.cell or 0, finding.rule)
        if key in allowed and RULES[finding.rule].allowed:
            used.add(key)
        else:
            yield finding
    for (cell, rule), one in allowed.items():
        if (cell, rule) not in used and RULES[rule].allowed:
            said = f"nothing here needs `lpe: allow {one.rule}` any more; take it away"
            unused = found(ALLOW_UNUSED, notebook.name, said)
            yield replace(unused, cell=cell, line=one.line)


def _unhonoured(opened: Sequence[Notebook]) -> Iterator[Finding]:
    """What notebooks hold that no page shows; notebooks with mistakes are told as wrong."""
    from lpe_reports.render.constructs import unhonoured

    readable: list[SourceNotebook] = []
    for notebook in opened:
        try:
            readable.append(notebook_of(notebook.path, notebook.name, notebook.document))
        except LpeError:
            continue
    try:
        told = unhonoured(readable)
    except RenderError as error:
        yield found(NOTEBOOK, "reports", str(error))
        return
    for line in told:
        name, _, words = line.partition(", cell ")
        cell, _, said = words.partition(": ")
        yield Finding(UNHONOURED.id, name, said, UNHONOURED.level, cell=int(cell))


def _no_files(project: Project) -> Iterator[Finding]:
    for path in _called_notebooks(project):
        if not path.is_file():
            # (Resolving a link that leads to itself fails.)
            name = path.relative_to(project.root).as_posix()
            yield found(NOTEBOOK, name, "is no file, or a link that leads to none; remove it")


def _templates(project: Project) -> Iterator[Finding]:
    from lpe_reports.cli.starting.quarto_files import FOLDER, differing

    if names := differing(project):
        said = f"{len(names)} files differ from those of lpe ({names[0]}); `lpe build` renews them"
        yield found(TEMPLATES, FOLDER, said)


def _extract(project: Project) -> Iterator[Finding]:
    from lpe_reports.warehouse.nights.folders import has_been, nights

    every = nights(project)
    for night in every:
        if not has_been(night):
            yield found(
                FUTURE_NIGHT,
                project.relative(night.folder),
                "a night of a day that has not been, which is passed over; `lpe prune` removes it "
                "when it is old enough, or remove the folder",
            )
    if not every:
        return
    from lpe_reports.warehouse.snapshots import open_extract

    try:
        open_extract(project).verify()
    except LpeError as error:
        for line in str(error).splitlines():
            yield found(EXTRACT, "data/extracts", line)
