"""Two versions of the site beside each other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lpe_reports.render.changes.numbers import (
    Cell,
    CellKey,
    Numbers,
    is_over,
    pages_in,
    read_numbers,
)


@dataclass(frozen=True)
class PageName:
    """A page that only one of two versions has."""

    address: str
    title: str
    report: str
    unit: str
    period: str


@dataclass(frozen=True)
class FigureChange:
    """A key figure that differs; a value that either version hides is told of neither.

    Fields:
        id, label, type, unit: The key figure's.
        before, after: Its values; None where there is none, or where either is hidden.
        hidden: Whether one of the versions hides it.
    """

    id: str
    label: str
    type: str
    unit: str
    before: float | None
    after: float | None
    hidden: bool


@dataclass(frozen=True)
class TableChange:
    """What differs in a table that both versions have.

    Fields:
        id, caption: The table's.
        cells: How many numbers differ that both show.
        past: How many of those are about time that was over in the first version's night.
        hidden: How many numbers one version hides and the other shows.
    """

    id: str
    caption: str
    cells: int
    past: int
    hidden: int


@dataclass(frozen=True)
class PageChange:
    """A page that differs.

    Fields:
        page: The page, as the second version names it.
        over: Whether its period was over in the first version's night.
        figures: The key figures that differ.
        tables: The tables that differ.
    """

    page: PageName
    over: bool
    figures: tuple[FigureChange, ...]
    tables: tuple[TableChange, ...]

    @property
    def past(self) -> int:
        """How many numbers about time that was over have changed: key figures and cells."""
        figures = sum(not figure.hidden for figure in self.figures) if self.over else 0
        return figures + sum(table.past for table in self.tables)


@dataclass(frozen=True)
class Changes:
    """What differs between two versions.

    Fields:
        new: Pages that only the second has.
        gone: Pages that only the first has.
        changed: Pages with other numbers.
        same: How many pages have the same numbers.
    """

    new: tuple[PageName, ...] = ()
    gone: tuple[PageName, ...] = ()
    changed: tuple[PageChange, ...] = ()
    same: int = 0

    @property
    def past(self) -> tuple[PageChange, ...]:
        """The pages that say something else of time that was over."""
        return tuple(change for change in self.changed if change.past)


@dataclass(frozen=True)
class Comparison:
    """What a version changes of the one before it.

    Fields:
        version: The id of the version that readers are led to before it.
        night: That version's night.
        changes: What differs.
    """

    version: str
    night: date
    changes: Changes


def compare_versions(first: Path, second: Path, night: date) -> Changes:
    """What differs between two versions, by the JSON of their pages.

    Args:
        first: The earlier version's folder.
        second: The later version's folder, or the candidate's.
        night: The first version's night: what was over then, is past.
    """
    return compare_pages(pages_in(first), pages_in(second), night)


def compare_pages(before: Mapping[str, Path], after: Mapping[str, Path], night: date) -> Changes:
    """The same for pages wherever they lie: the JSON file of each, by the page's address."""
    changed, same = [], 0
    for address in sorted(before.keys() & after.keys()):
        change = _page(address, before[address], after[address], night)
        if change is None:
            same += 1
        else:
            changed.append(change)
    return Changes(
        new=_names(after, before),
        gone=_names(before, after),
        changed=tuple(changed),
        same=same,
    )


def _names(having: Mapping[str, Path], lacking: Mapping[str, Path]) -> tuple[PageName, ...]:
    only = sorted(having.keys() - lacking.keys())
    return tuple(_name(address, having[address]) for address in only)


def _page(address: str, first: Path, second: Path, night: date) -> PageChange | None:
    # Unchanged pages are mostly links to one file, which need not be read.
    if first.samefile(second) or first.read_bytes() == second.read_bytes():
        return None
    before, after = read_numbers(first), read_numbers(second)
    if before is None or after is None:
        return None
    over = before.is_over(night)
    figures = tuple(_figures(before, after))
    tables = tuple(_tables(before, after, night, over=over))
    if not figures and not tables:
        return None
    return PageChange(_named(address, after), over, figures, tables)


def _figures(before: Numbers, after: Numbers) -> Iterator[FigureChange]:
    for name, now in after.figures.items():
        then = before.figures.get(name)
        if then is None or (then.value, then.hidden) == (now.value, now.hidden):
            continue
        hidden = then.hidden or now.hidden
        values = (None, None) if hidden else (then.value, now.value)
        yield FigureChange(name, now.label, now.type, now.unit, *values, hidden)


def _tables(before: Numbers, after: Numbers, night: date, *, over: bool) -> Iterator[TableChange]:
    cells: Counter[str] = Counter()
    past: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    for key, now in after.cells.items():
        then = before.cells.get(key)
        if then is None or then.value == now.value:
            continue
        if then.hidden or now.hidden:
            hidden[key[0]] += 1
            continue
        cells[key[0]] += 1
        past[key[0]] += _is_past(key, now, night, over=over)
    for table, caption in after.captions.items():
        if cells[table] or hidden[table]:
            yield TableChange(table, caption, cells[table], past[table], hidden[table])


def _is_past(key: CellKey, cell: Cell, night: date, *, over: bool) -> bool:
    """Whether a cell is about time that was over: its row's, or else its page's."""
    return is_over(cell.time, night) if cell.time else over


def _name(address: str, path: Path) -> PageName:
    numbers = read_numbers(path)
    return _named(address, numbers) if numbers else PageName(address, address, "", "", "")


def _named(address: str, numbers: Numbers) -> PageName:
    return PageName(address, numbers.title, numbers.report, numbers.unit, numbers.period)
