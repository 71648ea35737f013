"""Charts as blocks: the spec, what is written around it, its alt text and its data as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import ChartBlock, TableBlock
from lpe_reports.display.charts.alt_text import bars_alt, lines_alt, trend_alt
from lpe_reports.display.charts.axes import text_width
from lpe_reports.display.charts.bars import Bars, bar_rows, bars_spec, bars_width
from lpe_reports.display.charts.lines import end_labels, lines_spec, lines_subtitle
from lpe_reports.display.charts.own import own_spec
from lpe_reports.display.charts.picture import Picture
from lpe_reports.display.charts.trend import trend_spec, trend_subtitle
from lpe_reports.display.series.model import Series
from lpe_reports.display.series_tables import series_table, target_marks
from lpe_reports.display.tables import Rows, TableText, table_block
from lpe_reports.display.theme import HEIGHT, PHONE_WIDTH, SMALL_WIDTH, WIDE_WIDTH, themed
from lpe_reports.errors import UsageError

_AXIS_WIDTH = 40
_LINES_HEIGHT = 170
_SMALL_BARS, _WIDE_BARS = 180, 420  # px of the bars; names and values stand beside them
NARROW_BARS = 290  # px where the names stand above
_PHONE_LINES = 250  # px, so that there is room for the names at their ends


@dataclass(frozen=True)
class ChartText:
    """What is written around a chart; an empty alt text is made from the data."""

    caption: str
    subtitle: str = ""
    selection: str = ""
    definitions: tuple[str, ...] = ()
    alt: str = ""
    note: str = ""


def trend_block(series: Series, *, chart_id: str, text: ChartText, wide: bool) -> ChartBlock:
    """A series against its limits and its target."""
    width = WIDE_WIDTH if wide else SMALL_WIDTH
    return ChartBlock(
        id=f"diagram-{chart_id}",
        caption=text.caption,
        subtitle=text.subtitle or trend_subtitle(series),
        selection=text.selection,
        definitions=text.definitions,
        alt=text.alt or trend_alt(series),
        spec=trend_spec(series, width=width, height=HEIGHT + 60 * wide),
        width=width + _AXIS_WIDTH,
        narrow=trend_spec(series, width=SMALL_WIDTH) if wide else {},
        table=_series_data([series], f"{chart_id}-data", text.caption),
        note=text.note or series.note,
    )


def lines_block(
    series: Sequence[Series], names: Sequence[str], *, chart_id: str, text: ChartText, wide: bool
) -> ChartBlock:
    """Several series with their names at their ends."""
    width = WIDE_WIDTH if wide else SMALL_WIDTH
    beside = _AXIS_WIDTH + max(map(text_width, end_labels(series, names).values()))
    narrow = (
        lines_spec(series, names, width=_PHONE_LINES, height=_LINES_HEIGHT)
        if width + beside > PHONE_WIDTH
        else {}
    )
    notes = dict.fromkeys(one.note for one in series if one.note)
    # An author's own subtitle may already tell the target.
    drawn = "" if "mål" in text.subtitle.casefold() else lines_subtitle(series)
    return ChartBlock(
        id=f"diagram-{chart_id}",
        caption=text.caption,
        subtitle=" · ".join(part for part in (text.subtitle, drawn) if part),
        selection=text.selection,
        definitions=text.definitions,
        alt=text.alt or lines_alt(series, names),
        spec=lines_spec(series, names, width=width, height=_LINES_HEIGHT),
        width=width + beside,
        narrow=narrow,
        table=_series_data(series, f"{chart_id}-data", text.caption, names),
        note=text.note or " ".join(notes),
    )


def bars_block(
    table: Protected, bars: Bars, *, chart_id: str, text: ChartText, wide: bool
) -> ChartBlock:
    """Horizontal bars in the order of the rows."""
    width = _WIDE_BARS if wide else _SMALL_BARS
    whole = bars_width(bar_rows(table, bars), width)
    subtitle = text.subtitle or (f"streck {bars.reference_words}" if bars.reference_words else "")
    return ChartBlock(
        id=f"diagram-{chart_id}",
        caption=text.caption,
        subtitle=subtitle,
        selection=text.selection,
        definitions=text.definitions,
        alt=text.alt or bars_alt(table, bars, text.caption),
        spec=bars_spec(table, bars, width=width),
        width=whole,
        narrow=bars_spec(table, bars, width=NARROW_BARS, narrow=True)
        if whole > PHONE_WIDTH
        else {},
        table=table_block(table, block_id=f"{chart_id}-data", text=TableText(text.caption)),
        note=text.note,
    )


def picture_block(
    table: Protected, picture: Picture, *, chart_id: str, text: ChartText
) -> ChartBlock:
    """A picture of a protected table, with the table itself behind it."""
    return ChartBlock(
        id=f"diagram-{chart_id}",
        caption=text.caption,
        subtitle=text.subtitle or picture.subtitle,
        selection=text.selection,
        definitions=text.definitions,
        alt=text.alt or picture.alt,
        spec=picture.spec,
        width=picture.width,
        narrow=picture.narrow,
        table=table_block(table, block_id=f"{chart_id}-data", text=TableText(text.caption)),
        note=text.note,
    )


def own_block(chart: Any, data: Protected, *, chart_id: str, text: ChartText) -> ChartBlock:
    """An author's own Altair chart, drawn from a protected table.

    Args:
        chart: An Altair chart made without data; fields are the table's column ids.
        data: Its data.
        chart_id: Its id on the page.
        text: What is written around it; the alt text must be given.

    Raises:
        DisclosureError: The chart brings data of its own.
        UsageError: It has no alt text, or is no Altair chart.
    """
    if not text.alt:
        raise UsageError(
            f"p.chart('{text.caption}') needs alt=…: a sentence that tells the chart's point to "
            "who cannot see it"
        )
    spec = own_spec(chart, data, text.caption)
    width = spec.get("width")
    return ChartBlock(
        id=f"diagram-{chart_id}",
        caption=text.caption,
        subtitle=text.subtitle,
        selection=text.selection,
        definitions=text.definitions,
        alt=text.alt,
        spec=themed(spec),
        width=(width if isinstance(width, int) else SMALL_WIDTH) + _AXIS_WIDTH,
        table=table_block(data, block_id=f"{chart_id}-data", text=TableText(text.caption)),
        note=text.note,
    )


def _series_data(
    series: Sequence[Series], block_id: str, caption: str, names: Sequence[str] | None = None
) -> TableBlock:
    labels = names if names is not None else [one.measure.label for one in series]
    table = series_table(series, labels)
    block = table_block(
        table,
        block_id=block_id,
        text=TableText(caption),
        rows=Rows(current=series[0].period.id),
    )
    return block.model_copy(update={"marks": target_marks(series, table)})
