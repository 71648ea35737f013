"""The row of a table that sums the others, as sentences are made from it."""

from lpe_reports.disclosure.protected import Protected

Row = dict[str, float | None]


def last_row(table: Protected) -> Row:
    """The last row's numbers by column: None where hidden or unknown, empty where no row is."""
    cells = table.cells()
    if not cells:
        return {}
    names = [column.id for column in table.columns]
    row = dict(zip(names, cells[-1], strict=True))
    return {n: float(v) if isinstance(v, int | float) else None for n, v in row.items()}
