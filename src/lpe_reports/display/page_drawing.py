"""What a page shows as tables and charts."""

from collections.abc import Mapping, Sequence
from typing import Any

from lpe_reports import wording
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import AbsentBlock, ChartBlock, RowBlock, TableBlock
from lpe_reports.display.charts.bars import Bars
from lpe_reports.display.charts.making import (
    ChartText,
    bars_block,
    lines_block,
    own_block,
    trend_block,
)
from lpe_reports.display.page_telling import TellingPage, flat
from lpe_reports.display.series.checking import check_length
from lpe_reports.display.series.model import Series
from lpe_reports.display.series_tables import series_table, target_marks
from lpe_reports.display.shown import Nothing, Shown
from lpe_reports.display.tables import Rows, TableText, Target, require_protected, table_block
from lpe_reports.display.withheld import chart_or_table, share_hidden, table_or_words
from lpe_reports.errors import DisclosureError, UsageError


class DrawingPage(TellingPage):
    """A page that shows tables and charts; each takes protected tables or series only."""

    def table(
        self,
        what: Protected | Series | Sequence[Series],
        *,
        caption: str = "",
        labels: Sequence[str] | None = None,
        selection: str = "",
        definitions: str | Sequence[str] = (),
        id: str = "",
        headers: int = 1,
        total_row: int | None = None,
        window: int | None = None,
        filters: Sequence[str] = (),
        targets: Mapping[str, Target] | None = None,
        note: str = "",
        empty: str = "",
        instead: str = "",
    ) -> Shown:
        """A table of a protected answer, or of series by period; a sentence where all is hidden.

        Args:
            what: The table, one series, or several for columns side by side.
            caption: What it shows.
            labels: The headings of series; their names when not given.
            selection: Whom it is about, where `p.selection` does not say it.
            definitions: Glossary ids.
            id: Its part of file names; the same every period.
            headers: How many leading columns name the row.
            total_row: The row that sums the others; -1 for the last.
            window: How many rows the PDF shows, and the page at first.
            filters: The text columns that a reader can choose rows by in the browser.
            targets: By column id, what its cells are marked against.
            note: A sentence under it.
            empty: What to say where there are no rows.
            instead: Where to look where all its numbers are hidden ("Se år 2025.").
        """
        if self._skipped is not None or isinstance(what, Nothing):
            return self._show(AbsentBlock(), "p.table")
        series = [one for one in flat([what]) if isinstance(one, Series)]
        table = series_table(series, labels) if series else require_protected(what, "p.table")
        caption = caption or (series[0].name if len(series) == 1 else "")
        _check_table(caption, bool(series), labels, targets, window)
        said = self._text(selection, definitions, series)
        named = id or (series[0].key if series else wording.slug(table.table))
        coarser = self._coarser.get(table, "")
        empty = empty if len(table) else coarser or empty
        notes = (coarser, note or _notes(series))
        block = table_block(
            table,
            block_id=self._unique(named),
            text=TableText(caption, said[0], said[1], " ".join(filter(None, notes)), empty),
            rows=Rows(
                current=self.period.id,
                total=_row_of(table, total_row),
                window=window or (self.params.site.periods_shown if series else None),
                headers=headers,
                filters=filters,
                targets=dict(targets or {}),
            ),
        )
        if series:
            block = block.model_copy(update={"marks": target_marks(series, table)})
        block = table_or_words(block, hidden=share_hidden(table), instead=instead)
        return self._show(block, f"p.table('{caption}')")

    def trend(
        self,
        *series: Series | Sequence[Series],
        caption: str = "",
        subtitle: str = "",
        selection: str = "",
        last: int | None = None,
        wide: bool = False,
        alt: str = "",
        note: str = "",
        id: str = "",
        instead: str = "",
    ) -> Shown:
        """A series against mean, limits and target; several stand in one row, a chart each.

        One of which most points are hidden gives way to its table, see `withheld`.
        """
        blocks = []
        check_length(last, "", "p.trend")
        for one in _series(series, "p.trend"):
            text = self._chart_text(caption or one.name, subtitle, selection, [one], alt, note)
            shown = one.last(last) if last else one
            chart = trend_block(shown, chart_id=self._chart_id(id or one.key), text=text, wide=wide)
            blocks.append(self._fit_series(chart, [shown], instead))
        block = RowBlock(items=tuple(blocks)) if len(blocks) != 1 else blocks[0]
        return self._show(block if blocks else AbsentBlock(), "p.trend")

    def lines(
        self,
        *series: Series | Sequence[Series],
        caption: str,
        names: Sequence[str] | None = None,
        subtitle: str = "",
        selection: str = "",
        last: int | None = None,
        wide: bool = False,
        alt: str = "",
        note: str = "",
        id: str = "",
        instead: str = "",
        tabled: bool = False,
    ) -> Shown:
        """Several series in one chart, each with its name at its end; as `p.trend`.

        `tabled` says that a table below has its numbers: it is not made way for by another.
        """
        given = _series(series, "p.lines")
        if not given:
            return self._show(AbsentBlock(), "p.lines")
        check_length(last, "", "p.lines")
        if names is not None and len(names) != len(given):
            raise UsageError(f"p.lines: {len(names)} names for {len(given)} series")
        cut = [one.last(last) if last else one for one in given]
        block = lines_block(
            cut,
            list(names) if names else [one.place or one.name for one in given],
            chart_id=self._chart_id(id or f"{given[0].measure.id}-alla"),
            text=self._chart_text(caption, subtitle, selection, given, alt, note),
            wide=wide,
        )
        return self._show(self._fit_series(block, cut, instead, tabled), f"p.lines('{caption}')")

    def bars(
        self,
        table: Protected,
        *,
        label: str,
        value: str,
        caption: str,
        low: str | None = None,
        high: str | None = None,
        reference: str | None = None,
        reference_words: str = "",
        subtitle: str = "",
        selection: str = "",
        definitions: str | Sequence[str] = (),
        wide: bool = False,
        alt: str = "",
        note: str = "",
        id: str = "",
        instead: str = "",
    ) -> Shown:
        """Horizontal bars, one per row: `label` names it, `value` is its length.

        Where most values are hidden, the table stands alone; where all are, a sentence.

        Args:
            table: A protected table.
            label: Its text column.
            value: Its number column.
            caption: What the chart shows.
            low: The column of an interval's lower end.
            high: The column of its upper end.
            reference: A column marked across each bar.
            reference_words: What that mark is ("året före").
            subtitle: A line under the caption.
            selection: Whom it is about, where `p.selection` does not say it.
            definitions: Glossary ids.
            wide: Whether it stands alone and wide.
            alt: Its alt text, where the one made from the data does not tell the point.
            note: A sentence under it.
            id: Its part of file names; the same every period.
            instead: Where to look where all values are hidden ("Se år 2025.").
        """
        if self._skipped is not None or isinstance(table, Nothing):
            return self._show(AbsentBlock(), "p.bars")
        said = self._text(selection, definitions, ())
        block = bars_block(
            require_protected(table, "p.bars"),
            Bars(label, value, low, high, reference, reference_words),
            chart_id=self._chart_id(id or f"{table.table}-{value}"),
            text=ChartText(caption, subtitle, said[0], said[1], alt, note),
            wide=wide,
        )
        return self._show(self._fit(block, table, [value], instead), f"p.bars('{caption}')")

    def chart(
        self,
        chart: Any,
        *,
        data: Protected,
        caption: str,
        alt: str,
        subtitle: str = "",
        selection: str = "",
        definitions: str | Sequence[str] = (),
        note: str = "",
        id: str = "",
        instead: str = "",
    ) -> Shown:
        """An Altair chart of your own: `alt.Chart()` without data, which comes from `data`.

        Where most numbers of `data` are hidden, they stand as a table; as `p.bars`.
        """
        if self._skipped is not None or isinstance(data, Nothing):
            return self._show(AbsentBlock(), "p.chart")
        said = self._text(selection, definitions, ())
        block = own_block(
            chart,
            require_protected(data, "p.chart"),
            chart_id=self._chart_id(id or data.table),
            text=ChartText(caption, subtitle, said[0], said[1], alt, note),
        )
        return self._show(self._fit(block, data, (), instead), f"p.chart('{caption}')")

    def row(self, *shown: Shown) -> Shown:
        """Charts and tables side by side where the page is wide enough."""
        items: list[ChartBlock | TableBlock] = []
        for one in shown:
            if not isinstance(one, Shown):
                raise UsageError(f"p.row takes charts and tables, not a {type(one).__name__}")
            one.displayed = True
            if isinstance(one.block, RowBlock):
                items += one.block.items
            elif isinstance(one.block, ChartBlock | TableBlock):
                items.append(one.block)
            elif not isinstance(one.block, AbsentBlock):
                raise UsageError(f"p.row takes charts and tables; {one.call} is neither")
        return self._show(RowBlock(items=tuple(items)) if items else AbsentBlock(), "p.row")

    def _fit(
        self, block: ChartBlock, table: Protected, columns: Sequence[str], instead: str
    ) -> ChartBlock | TableBlock:
        """The chart, or what stands in its place where too many of its points are hidden.

        A chart of a table that is coarser than it might be says so, as the table would.
        """
        hidden, coarser = share_hidden(table, columns=columns), self._coarser.get(table, "")
        shown = chart_or_table(block, hidden=hidden, empty=coarser, instead=instead)
        if not coarser or (isinstance(shown, TableBlock) and not shown.rows):
            return shown
        return shown.model_copy(update={"note": " ".join(filter(None, (coarser, shown.note)))})

    def _fit_series(
        self, block: ChartBlock, series: Sequence[Series], instead: str, tabled: bool = False
    ) -> ChartBlock | TableBlock:
        """As `_fit`; a table of many periods shows as many of them at first as `p.table` does."""
        hidden = share_hidden(*(one.table for one in series), columns=["value"])
        shown = chart_or_table(block, hidden=hidden, instead=instead, tabled=tabled)
        if not isinstance(shown, TableBlock) or not shown.rows:
            return shown
        return shown.model_copy(update={"window": self.params.site.periods_shown})

    def _chart_id(self, wanted: str) -> str:
        return self._unique(f"diagram-{wanted}").removeprefix("diagram-")

    def _chart_text(
        self,
        caption: str,
        subtitle: str,
        selection: str,
        series: Sequence[Series],
        alt: str,
        note: str,
    ) -> ChartText:
        said = self._text(selection, (), series)
        return ChartText(caption, subtitle, said[0], said[1], alt, note)

    def _text(
        self, selection: str, definitions: str | Sequence[str], series: Sequence[Series]
    ) -> tuple[str, tuple[str, ...]]:
        """Selection and definitions to write at a block: none where `p.selection` says them."""
        own = [one.measure.glossary_id for one in series]
        defined = self._defined(definitions or own)
        if self._selection is not None:
            return selection, self._defined(definitions)
        words = {one.selection for one in series}
        return selection or (words.pop() if len(words) == 1 else ""), defined


def _series(given: Sequence[object], call: str) -> list[Series]:
    found = []
    for one in flat(given):
        if not isinstance(one, Series):
            raise DisclosureError(
                f"{call} draws what p.series(…) returns, not a {type(one).__name__}; for other "
                "charts there are p.bars(…) and p.chart(…)"
            )
        found.append(one)
    return found


def _check_table(
    caption: str,
    of_series: bool,
    labels: Sequence[str] | None,
    targets: Mapping[str, Target] | None,
    window: int | None,
) -> None:
    """See that a table is named, and that what is said of it changes it."""
    if not caption:
        raise UsageError("p.table needs caption=…: what the table shows")
    if of_series and targets:
        raise UsageError("p.table: series have their own targets; targets= is for other tables")
    if labels is not None and not of_series:
        raise UsageError("p.table: labels= is for series; a table's headings are its columns'")
    if window is not None and window < 1:
        raise UsageError(f"p.table: window={window} would show no rows")


def _row_of(table: Protected, row: int | None) -> int | None:
    """A row by its place from the beginning or, below 0, from the end; none of an empty table."""
    if row is None or not len(table):
        return None
    if not -len(table) <= row < len(table):
        raise UsageError(f"p.table: total_row={row}, and the table has {len(table)} rows")
    return row % len(table)


def _notes(series: Sequence[Series]) -> str:
    return " ".join(dict.fromkeys(one.note for one in series if one.note))
