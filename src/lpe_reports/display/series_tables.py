"""Series as tables: one period per row, the newest first, one series or several side by side."""

from collections.abc import Sequence

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import Mark
from lpe_reports.display.series.model import Series
from lpe_reports.errors import UsageError


def series_table(series: Sequence[Series], labels: Sequence[str] | None = None) -> Protected:
    """Series as one protected table, the newest period first.

    One series stands with what its value is made of and its target; several stand side by side
    with their values alone.

    Args:
        series: One or more of the same kind of period.
        labels: The headings of the values; the series' names when not given.

    Raises:
        UsageError: Their periods differ in kind, or labels and series in number.
    """
    headings = list(labels) if labels is not None else _headings(series)
    if len(headings) != len(series):
        raise UsageError(f"p.table: {len(headings)} labels for {len(series)} series")
    if len({one.period.kind for one in series}) > 1:
        raise UsageError("p.table: series of weeks and of months do not fit in one table")
    if len(series) == 1:
        names = [column.id for column in series[0].table.columns]
        kept = [name for name in names if name != "n"]
        return series[0].table.select(*kept).relabelled({"value": headings[0]}).reversed()
    parts = [
        one.table.select("period", "value")
        .relabelled({"value": heading})
        .renamed({"value": _column_id(series, number)})
        for number, (one, heading) in enumerate(zip(series, headings, strict=True))
    ]
    return parts[0].beside(*parts[1:], on="period").reversed()


def target_marks(series: Sequence[Series], table: Protected) -> tuple[Mark, ...]:
    """The cells that do not meet, or pass, the target of their own period."""
    ids = [column.id for column in table.columns]
    rows = {period: number for number, period in enumerate(table.frame["period"].tolist())}
    marks = []
    for number, one in enumerate(series):
        name = "value" if len(series) == 1 else _column_id(series, number)
        for period, point, target in zip(
            one.periods, one.points, one.targets or (None,) * len(one.periods), strict=True
        ):
            unfinished = one.ongoing and period == one.period and not one.measure.stock
            if target is None or point.value is None or unfinished:
                continue
            if point.value == target.value:
                continue
            tone, words = target.judge(point.value)
            marks.append(
                Mark(
                    row=rows[period.id],
                    column=ids.index(name),
                    tone=tone,
                    words=words,
                    side="over" if point.value > target.value else "under",
                )
            )
    return tuple(marks)


def _headings(series: Sequence[Series]) -> list[str]:
    """What tells the series apart: their places, else their measures, else their names."""
    for headings in ([s.place for s in series], [s.measure.label for s in series]):
        if all(headings) and len(set(headings)) == len(headings) > 1:
            return headings
    return [one.name for one in series]


def _column_id(series: Sequence[Series], number: int) -> str:
    """A series' column: its key, with a number where two have the same."""
    key = series[number].key or f"series-{number + 1}"
    same = [one.key for one in series[:number]].count(series[number].key)
    return f"{key}-{same + 1}" if same and series[number].key else key
