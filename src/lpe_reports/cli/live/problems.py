"""What went wrong while a page was made, as its author is to read it: what, where, what to do.

It takes errors by the names of their classes and imports nothing of the package: the code that
raised may be the very code that is broken, or another version of it than this one.
"""

import re
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lpe_reports.cli.live import words

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_CELL_LINE = re.compile(r"^ *Cell In\[[^\]]*\], line (\d+)", re.MULTILINE)
_FRAME = re.compile(r"^ *File (?P<file>[^\n]+?\.py):(?P<line>\d+)", re.MULTILINE)
_NOTEBOOK = re.compile(r"(?P<file>[\w./-]+\.ipynb)(?:, cell (?P<cell>\d+))?")
_SYNTAX = re.compile(r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+)', re.MULTILINE)
# Lines of the source before and after the one that failed.
_AROUND = 2
_LONGEST_LINE = 200


@dataclass(frozen=True)
class Line:
    """A line of a source, and whether it is the one."""

    number: int
    text: str
    marked: bool = False


@dataclass(frozen=True)
class Problem:
    """A failure in plain words.

    Fields:
        title: What failed, in Swedish.
        where: The file, with its cell and line as far as they are known.
        source: The lines there.
        said: The error's own words.
        meaning: What they mean, in Swedish; empty where that is not known.
        todo: What to do, in Swedish.
        traceback: All of it, for whoever wants to know.
    """

    title: str
    where: str = ""
    source: tuple[Line, ...] = ()
    said: str = ""
    meaning: str = ""
    todo: str = ""
    traceback: str = ""

    def as_json(self) -> dict[str, Any]:
        """Itself as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Problem":
        """The problem of its JSON."""
        lines = tuple(Line(**line) for line in body["source"])
        return cls(**{**body, "source": lines})


@dataclass(frozen=True)
class Places:
    """How paths are told: below the project, or below the package.

    Fields:
        root: The project's folder.
        package: The package's folder.
    """

    root: Path
    package: Path = field(default_factory=lambda: Path(__file__).resolve().parents[2])

    def name(self, path: str | Path) -> str:
        """A path as its reader knows it, with forward slashes."""
        place = Path(path).expanduser()
        for folder, begin in ((self.root, ""), (self.package.parent, "")):
            if place.is_absolute() and place.is_relative_to(folder):
                return begin + place.relative_to(folder).as_posix()
        return place.as_posix()

    def plain(self, text: str) -> str:
        """A traceback without colours and without the way to the project."""
        text = _COLOUR.sub("", text)
        for folder in (self.root, self.package.parent):
            for spelled in {str(folder), folder.as_posix(), _from_home(folder)} - {""}:
                text = text.replace(f"{spelled}/", "").replace(f"{spelled}\\", "")
        return text


@dataclass(frozen=True)
class FailedCell:
    """A cell that raised.

    Fields:
        notebook: The notebook, as its reader knows it.
        number: The cell, from 1 over all cells; None for the closing of the page.
        source: Its text.
        error: The error's class.
        value: What it said.
        trace: IPython's traceback.
    """

    notebook: str
    number: int | None
    source: str
    error: str
    value: str
    trace: Sequence[str]


def of_cell(cell: FailedCell, places: Places) -> Problem:
    """A cell that raised: its line, and the package's own where that is what raised."""
    trace = places.plain("\n".join(cell.trace))
    line = _line_in_cell(trace)
    within = _frame_in_package(trace, places)
    title = words.CELL.format(cell=cell.number) if cell.number else words.CLOSED
    where = f"{cell.notebook}, {f'cell {cell.number}' if cell.number else words.CLOSING}"
    source = _excerpt(cell.source, line) if cell.number else ()
    if line and cell.number:
        where += f", rad {line}"
    if within:
        place = f"{places.name(within[0])}, rad {within[1]}"
        if cell.error in words.SYNTAX:
            # A module that cannot be read at all: that is what has to be mended.
            title = words.CODE.format(file=places.name(within[0]))
            where, source = place, _excerpt_of(Path(within[0]), within[1])
        else:
            where += words.INSIDE.format(where=place)
    meaning, todo = words.explained(cell.error, cell.value)
    said = f"{cell.error}: {cell.value}" if cell.value else cell.error
    return Problem(title, where, source, places.plain(said), meaning, todo, trace)


def of_end(kind: str, notebook: str, cell: int | None, source: str, said: str = "") -> Problem:
    """A run that did not end by itself, or showed what must not be shown.

    Args:
        kind: How, as the build calls it.
        notebook: The notebook, as its reader knows it.
        cell: The cell that ran, if one did.
        source: Its text.
        said: More of it.
    """
    meaning, todo = words.ENDED.get(kind, words.ENDED[""])
    where = notebook + (f", cell {cell}" if cell else "")
    title = words.CELL.format(cell=cell) if cell else words.RUN
    return Problem(title, where, _excerpt(source, None), said, meaning, todo)


def of_error(error: BaseException, places: Places) -> Problem:
    """An error of what surrounds the notebook: params, the package's code, templates."""
    names = [each.__name__ for each in type(error).__mro__]
    said = places.plain(str(error)) or names[0]
    trace = places.plain("".join(traceback.format_exception(error)))
    if "ParamsError" in names:
        return _of_params(error, said, places)
    if "NotebookError" in names or "DisclosureError" in names:
        found = _NOTEBOOK.search(said)
        title = words.NOTEBOOK if not found or not found["cell"] else words.CELL
        cell = found["cell"] if found else None
        where = found["file"] + (f", cell {cell}" if cell else "") if found else ""
        meaning, todo = words.explained(names[0], said)
        return Problem(title.format(cell=cell), where, (), said, meaning, todo, trace)
    if "RenderError" in names:
        return Problem(words.RENDER, "", (), said, words.RENDER_MEANS, words.RENDER_TODO, trace)
    if "LpeError" in names:
        meaning, todo = words.explained(names[0], said)
        return Problem(words.PAGE, "", (), said, meaning, todo, trace)
    return _of_code(error, f"{names[0]}: {said}", trace, places)


def _of_params(error: BaseException, said: str, places: Places) -> Problem:
    file, line = str(getattr(error, "file", "")), getattr(error, "line", None)
    problem = str(getattr(error, "problem", said))
    path = Path(file) if Path(file).is_absolute() else places.root / file
    where = Path(file).as_posix() + (f", rad {line}" if line else "")
    title = words.PARAMS.format(file=Path(file).as_posix())
    return Problem(title, where, _excerpt_of(path, line), problem, "", words.PARAMS_TODO)


def _of_code(error: BaseException, said: str, trace: str, places: Places) -> Problem:
    """An error in code: that of the place nearest to where it was raised."""
    file, line = "", 0
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno or 0
        said = f"{type(error).__name__}: {error.msg}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if Path(f.filename).is_relative_to(places.package)]
        for frame in (own or list(frames))[-1:]:
            file, line = frame.filename, frame.lineno or 0
    where = f"{places.name(file)}, rad {line}" if file else ""
    meaning, todo = words.explained(type(error).__name__, str(error))
    title = words.CODE.format(file=places.name(file)) if file else words.PAGE
    source = _excerpt_of(Path(file), line) if file else ()
    return Problem(title, where, source, said, meaning, todo, trace)


def _line_in_cell(trace: str) -> int | None:
    """The line of the cell that the error came through: the last that is named."""
    found = _CELL_LINE.findall(trace)
    return int(found[-1]) if found else None


def _frame_in_package(trace: str, places: Places) -> tuple[str, int] | None:
    """The last file of the package that a traceback names."""
    found = [*_FRAME.finditer(trace), *_SYNTAX.finditer(trace)]
    found.sort(key=lambda match: match.start())
    for match in reversed(found):
        path = Path(match["file"]).expanduser()
        for place in (path, places.package.parent / path, places.root / path):
            if place.is_file() and place.resolve().is_relative_to(places.package):
                return str(place.resolve()), int(match["line"])
    return None


def _excerpt(text: str, line: int | None) -> tuple[Line, ...]:
    """The lines around one; all of a short text where none is known."""
    lines = text.split("\n")
    if line is None or not 0 < line <= len(lines):
        return tuple(Line(n, each[:_LONGEST_LINE]) for n, each in enumerate(lines[:6], 1) if text)
    first, last = max(1, line - _AROUND), min(len(lines), line + _AROUND)
    return tuple(Line(n, lines[n - 1][:_LONGEST_LINE], n == line) for n in range(first, last + 1))


def _excerpt_of(path: Path, line: int | None) -> tuple[Line, ...]:
    if not line:
        return ()
    try:
        return _excerpt(path.read_text(encoding="utf-8", errors="replace"), line)
    except OSError:
        return ()


def _from_home(folder: Path) -> str:
    """A folder as IPython's tracebacks spell one below the account's own."""
    try:
        return f"~/{folder.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return ""
