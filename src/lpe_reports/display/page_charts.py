"""What a page shows as pictures of protected tables."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import AbsentBlock
from lpe_reports.display.charts.curves import curves_picture
from lpe_reports.display.charts.heat import heat_picture
from lpe_reports.display.charts.making import NARROW_BARS, ChartText, picture_block
from lpe_reports.display.charts.picture import Picture
from lpe_reports.display.charts.plan import Plan, plan_picture
from lpe_reports.display.charts.stacked import stacked_picture
from lpe_reports.display.page_drawing import DrawingPage
from lpe_reports.display.shown import Nothing, Shown
from lpe_reports.display.tables import require_protected
from lpe_reports.display.theme import PHONE_WIDTH, SMALL_WIDTH, WIDE_WIDTH

_SMALL_BARS, _WIDE_BARS = 200, 440  # px; names and sums stand beside them
_CURVES_HEIGHT, _PLAN_HEIGHT = 240, 180


class ChartingPage(DrawingPage):
    """A page that draws protected tables; hidden values are left out, and said to be hidden.

    What the calls have in common: `caption` says what the chart shows; `subtitle` what is drawn,
    in place of the words made for it; `note` is a sentence under it; `wide` is for a chart that
    stands alone; `id` is its part of file names; `instead` says where to look where all its
    values are hidden; `selection` and `definitions` where `p.selection` does not say them; `alt`
    tells the point, where the text made from the data does not.
    """

    def stacked(
        self,
        table: Protected,
        *,
        label: str,
        parts: Sequence[str],
        caption: str,
        share: bool = False,
        subtitle: str = "",
        note: str = "",
        wide: bool = True,
        id: str = "",
        instead: str = "",
        definitions: str | Sequence[str] = (),
        selection: str = "",
        alt: str = "",
    ) -> Shown:
        """A bar per row, its counts one after another; with `share` all bars are equally long.

        Args:
            table: A protected table.
            label: The text column that names the bars.
            parts: Its count columns, from little to much or early to late; at most eight.
            caption, share, subtitle, note, wide, id, instead, definitions, selection, alt: As
                said of the class.
        """

        def draw(protected: Protected, narrow: bool) -> Picture:
            width = NARROW_BARS if narrow else _WIDE_BARS if wide else _SMALL_BARS
            return stacked_picture(
                protected,
                label=label,
                parts=parts,
                share=share,
                width=width,
                caption=caption,
                narrow=narrow,
            )

        text = self._said_of(caption, subtitle, note, definitions, selection, alt)
        return self._picture(table, draw, text, parts, id, instead, "p.stacked")

    def heat(
        self,
        table: Protected,
        *,
        label: str,
        parts: Sequence[str],
        caption: str,
        subtitle: str = "",
        note: str = "",
        wide: bool = True,
        id: str = "",
        instead: str = "",
        definitions: str | Sequence[str] = (),
        selection: str = "",
        alt: str = "",
    ) -> Shown:
        """A matrix of the table's rows and number columns, shaded, a number in every cell.

        Args:
            table: A protected table.
            label: The text column that names the rows.
            parts: Its number columns, all of one type; at most 24.
            caption, subtitle, note, wide, id, instead, definitions, selection, alt: As said of
                the class.
        """

        def draw(protected: Protected, narrow: bool) -> Picture:
            return heat_picture(
                protected,
                label=label,
                parts=parts,
                width=WIDE_WIDTH if wide else SMALL_WIDTH,
                caption=caption,
                narrow=narrow,
            )

        text = self._said_of(caption, subtitle, note, definitions, selection, alt)
        return self._picture(table, draw, text, parts, id, instead, "p.heat")

    def curves(
        self,
        table: Protected,
        *,
        x: str,
        y: str,
        by: str,
        caption: str,
        low: str = "",
        high: str = "",
        subtitle: str = "",
        note: str = "",
        wide: bool = True,
        id: str = "",
        instead: str = "",
        definitions: str | Sequence[str] = (),
        selection: str = "",
        alt: str = "",
    ) -> Shown:
        """Step curves (Kaplan–Meier), a line per value of `by`, named at their ends.

        Each line is level from one of its rows to the next, and begins with its first: give it
        one at 0. A row per week is as legible as one per day, and makes a shorter table.

        Args:
            table: A protected table, a row per point, `x` rising within each line.
            x: The number column along the page.
            y: The number column that the lines follow.
            by: The text column that names the lines; at most six.
            caption: What the chart shows.
            low: The lower end of an interval, drawn as a pale field.
            high: Its upper end.
            subtitle, note, wide, id, instead, definitions, selection, alt: As said of the class.
        """

        def draw(protected: Protected, narrow: bool) -> Picture:
            return curves_picture(
                protected,
                x=x,
                y=y,
                by=by,
                low=low,
                high=high,
                width=WIDE_WIDTH if wide and not narrow else SMALL_WIDTH,
                height=_CURVES_HEIGHT,
                caption=caption,
                narrow=narrow,
            )

        text = self._said_of(caption, subtitle, note, definitions, selection, alt)
        return self._picture(table, draw, text, [y], id, instead, "p.curves")

    def plan(
        self,
        table: Protected,
        *,
        time: str,
        outcome: str,
        plan: str,
        caption: str,
        first: str = "",
        forecast: str = "",
        low: str = "",
        high: str = "",
        subtitle: str = "",
        note: str = "",
        wide: bool = True,
        id: str = "",
        instead: str = "",
        definitions: str | Sequence[str] = (),
        selection: str = "",
        alt: str = "",
    ) -> Shown:
        """Outcome as bars, the plan in force as steps, the first plan dashed, forecasts hollow.

        Args:
            table: A protected table, a row per period, in any order.
            time: The column of periods' ids.
            outcome: What was done; none for periods to come.
            plan: The plan in force.
            caption: What the chart shows.
            first: The first plan of the year.
            forecast: What is expected of periods to come; none for those that are over.
            low: The lower end of the forecast's interval.
            high: Its upper end.
            subtitle, note, wide, id, instead, definitions, selection, alt: As said of the class.
        """
        columns = Plan(time, outcome, plan, first, forecast, low, high)

        def draw(protected: Protected, narrow: bool) -> Picture:
            return plan_picture(
                protected,
                columns,
                now=self.period if self.ongoing else None,
                width=WIDE_WIDTH if wide and not narrow else SMALL_WIDTH,
                height=_PLAN_HEIGHT,
                caption=caption,
            )

        text = self._said_of(caption, subtitle, note, definitions, selection, alt)
        numbers = list(columns.numbers().values())
        return self._picture(table, draw, text, numbers, id, instead, "p.plan")

    def _said_of(
        self,
        caption: str,
        subtitle: str,
        note: str,
        definitions: str | Sequence[str],
        selection: str,
        alt: str,
    ) -> ChartText:
        if self._skipped is not None:
            return ChartText(caption)
        said = self._text(selection, definitions, ())
        return ChartText(caption, subtitle, said[0], said[1], alt, note)

    def _picture(
        self,
        table: Protected,
        draw: Callable[[Protected, bool], Picture],
        text: ChartText,
        columns: Sequence[str],
        id: str,
        instead: str,
        call: str,
    ) -> Shown:
        """The chart, or what stands in its place where there is nothing of it to draw."""
        if self._skipped is not None or isinstance(table, Nothing):
            return self._show(AbsentBlock(), call)
        protected = require_protected(table, call)
        chart_id = self._chart_id(id or f"{protected.table}-{call.removeprefix('p.')}")
        picture = draw(protected, False)
        if picture.width > PHONE_WIDTH:
            picture = replace(picture, narrow=draw(protected, True).spec)
        block = picture_block(protected, picture, chart_id=chart_id, text=text)
        return self._show(
            self._fit(block, protected, columns, instead), f"{call}('{text.caption}')"
        )
