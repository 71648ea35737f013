"""Key figures: a series' last value with what it is compared with and a judgement in words."""

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import KeyFigure
from lpe_reports.display.series.judging import judgements
from lpe_reports.display.series.model import Point, Series
from lpe_reports.errors import UsageError


def series_figure(series: Series, figure_id: str) -> KeyFigure:
    """The key figure of a series' last period.

    Args:
        series: The series.
        figure_id: Its id on the page, the same every period, since versions are compared by it.
    """
    now, target, column = series.now, series.target, series.value_column
    # People over people are worth seeing; minutes over minutes say no more than their share.
    counted = series.measure.limits == "share"
    before, last_year = _value(series.before), _value(series.last_year)
    return KeyFigure(
        id=figure_id,
        label=series.name,
        value=_typed(now.value, column.type),
        type=column.type,
        unit=_unit(column),
        decimals=column.decimals,
        numerator=now.numerator if counted else None,
        denominator=now.denominator if counted else None,
        before=_typed(before, column.type),
        before_label=series.before_label if before is not None else "",
        last_year=_typed(last_year, column.type),
        last_year_label=series.last_year_label if last_year is not None else "",
        target=_typed(target.value, column.type) if target else None,
        target_direction=target.direction if target else None,
        judgements=judgements(series),
        hidden=now.hidden,
        missing="" if now.known or now.hidden else wording.MISSING,
        definition=series.measure.glossary_id,
    )


def cell_figure(
    table: Protected,
    column_id: str,
    *,
    row: int,
    figure_id: str,
    label: str,
    definition: str,
    before: Protected | None = None,
    before_label: str = "",
) -> KeyFigure:
    """The key figure of one cell of a protected table; missing, in words, if it has no rows.

    Args:
        table: The table.
        column_id: The number's column.
        row: The number's row; -1 for the last.
        figure_id: The figure's id on the page.
        label: What the page calls it.
        definition: Its glossary entry.
        before: The same table for the period that it is compared with.
        before_label: What that period is called.

    Raises:
        UsageError: There is no such row, or the column holds text.
    """
    column = table.column(column_id)
    if column.is_text:
        raise UsageError(f"the key figure '{label}' needs a number; '{column_id}' is text")
    if len(table) == 0:
        return KeyFigure(
            id=figure_id,
            label=label,
            value=None,
            type=column.type,
            missing=wording.MISSING,
            definition=definition,
        )
    if not -len(table) <= row < len(table):
        raise UsageError(f"the key figure '{label}': table '{table.table}' has no row {row}")
    place = [c.id for c in table.columns].index(column_id)
    value = table.cells()[row][place]
    hidden = bool(table.hidden.iloc[row, place])
    known = isinstance(value, int | float)
    was = before.cells()[row][place] if before is not None and len(before) else None
    return KeyFigure(
        id=figure_id,
        label=label,
        before=was if isinstance(was, int | float) else None,
        before_label=before_label if isinstance(was, int | float) else "",
        value=value if isinstance(value, int | float) else None,
        type=column.type,
        unit=_unit(column),
        decimals=column.decimals,
        denominator=_whole(table, row, column) if known else None,
        hidden=hidden,
        missing="" if known or hidden else _nothing(column),
        definition=definition,
    )


def _unit(column: Column) -> str:
    """What stands after the number: nothing where its form says it, as 2:18 does."""
    return "" if column.type == "minutes" else column.unit


def _whole(table: Protected, row: int, column: Column) -> int | None:
    """What a count is a part of, where that is shown: 6 av 14."""
    ids = [c.id for c in table.columns]
    if column.type != "count" or column.part_of not in ids:
        return None
    whole = table.cells()[row][ids.index(column.part_of)]
    return whole if isinstance(whole, int) else None


def _nothing(column: Column) -> str:
    """Why a cell has no number: nobody to compute it over, or not delivered."""
    text = wording.cell_text(None, column)
    return wording.NONE_SPOKEN if text == wording.NONE else text


def _value(point: Point | None) -> float | None:
    return None if point is None else point.value


def _typed(value: float | None, kind: str) -> float | int | None:
    """A count as a whole number, minutes as sentences and tables show them, the rest as it is."""
    if value is None:
        return None
    if kind == "minutes":
        return wording.whole_minutes(value)
    return int(value) if kind == "count" else value
