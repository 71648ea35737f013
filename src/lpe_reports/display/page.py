"""The page: what a notebook asks with, and what it shows with.

    from lpe_reports import page
    p = page.open("weekly", unit=unit, period=period)
    operations = p.series("operations", unit="bo-opc")
    p.summary(operations)
    p.trend(operations)

Each call that shows something stands last in its cell.
"""

from typing import Any

from lpe_reports.display import closing
from lpe_reports.display.blocks import TRACE_MIME
from lpe_reports.display.opening import Opening, find_opening
from lpe_reports.display.page_charts import ChartingPage
from lpe_reports.display.shown import publish
from lpe_reports.errors import NotebookError

_open_page: "Page | None" = None


class Page(ChartingPage):
    """One page under way; made by `page.open`."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self._closed = False

    def close(self) -> None:
        """End the page: where its numbers come from, and what the run depended on.

        Raises:
            NotebookError: Something was made and never shown.
            NoRowsError: A table that the report requires gave not one row.
        """
        lost = [shown.call for shown in self._shown if not shown.displayed]
        if lost:
            raise NotebookError(
                f"made but not shown: {', '.join(lost)}. A call that shows something must be "
                "the last line of its cell, or stand in p.row(…)"
            )
        opening = self._opening
        self._record.note("reports", opening.report.id, "requires_rows")
        closing.check_rows(opening.extract, opening.report.requires_rows, opening.period)
        self._closed, self._skipped = True, None
        parameters = {"unit": self.unit, "period": self.period.id, **self.parameters}
        block = closing.provenance(
            self._opening.extract,
            notebook=self._opening.report.notebook,
            parameters=parameters,
            definitions=tuple(self._definitions),
        )
        publish(self._add(block, "page.close")._repr_mimebundle_())
        trace = closing.trace(opening.extract, self._record, self.ledger, opening.root)
        publish({TRACE_MIME: trace, "text/plain": "<trace>"})


def open_page(
    report: str,
    *,
    unit: str | None = None,
    period: str | None = None,
    whole_months: bool = False,
    **parameters: Any,
) -> Page:
    """Open the page of a report for a unit and a period, and show its title.

    Args:
        report: The report's id, the name of its file in `params/reports`.
        unit: What the page is about; the report's first unit when not given.
        period: Its period; the newest that is over when not given.
        whole_months: Whether a period under way is counted to the end of its newest whole month;
            the line under the title says so.
        parameters: The notebook's other parameters, for provenance and `p.parameters`.

    Raises:
        UsageError: There is no such report, unit or period.
        ExtractError: There is no extract to read.
    """
    global _open_page
    opened = Page(find_opening(report, unit, period, parameters, whole_months=whole_months))
    _open_page = opened
    publish(opened._add(opened._opening.title, "page.open")._repr_mimebundle_())
    return opened


def close_page() -> None:
    """Close the page that was opened last; the build does it after a notebook's last cell.

    Raises:
        NotebookError: No page was opened, it was closed before, or something was not shown.
    """
    if _open_page is None:
        raise NotebookError("no page is open: the notebook must call page.open(…) in a cell")
    if _open_page._closed:
        raise NotebookError("the page is closed already; leave page.close() to the build")
    _open_page.close()
