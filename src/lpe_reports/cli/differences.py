"""What differs between two versions, in lines for a person at a terminal."""

from collections.abc import Iterator

from lpe_reports.render.changes.compare import Changes, FigureChange, PageChange


def differences_text(before: str, after: str, changes: Changes) -> str:
    """A line of counts, then a line per page that differs; what was over and changed first.

    Args:
        before: What the first version is called.
        after: What the second is called.
        changes: What differs.
    """
    counts = (
        f"{len(changes.new)} new pages, {len(changes.gone)} gone, {len(changes.changed)} with "
        f"other numbers ({len(changes.past)} of them in what was over), {changes.same} the same"
    )
    return "\n".join([f"{before} to {after}: {counts}", *_lines(changes)])


def _lines(changes: Changes) -> Iterator[str]:
    past = changes.past
    for change in past:
        yield f"past     {_told(change)}"
    for change in changes.changed:
        if change not in past:
            yield f"changed  {_told(change)}"
    yield from (f"new      {page.address}" for page in changes.new)
    yield from (f"gone     {page.address}" for page in changes.gone)


def _told(change: PageChange) -> str:
    figures = [_figure(figure) for figure in change.figures]
    cells = sum(table.cells for table in change.tables)
    hidden = sum(table.hidden for table in change.tables)
    parts = [*figures]
    if cells:
        parts.append(f"{cells} cells of {len(change.tables)} tables")
    if hidden:
        parts.append(f"{hidden} cells hidden in one of them")
    return f"{change.page.address}: {'; '.join(parts)}"


def _figure(figure: FigureChange) -> str:
    if figure.hidden:
        return f"{figure.id} hidden in one of them"
    return f"{figure.id} {_value(figure.before)} to {_value(figure.after)}"


def _value(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
