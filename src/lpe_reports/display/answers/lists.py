"""The stored waiting lists that the weekly answers are about."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group
from lpe_reports.display.about import COVERED_PAST, WAITING
from lpe_reports.display.page import Page


def snapshot(
    page: Page, list_: str, columns: Sequence[str], *, day: date | None = None
) -> pd.DataFrame:
    """The list at the period's end, of the page's VO; no rows where no night is near enough.

    Args:
        page: The page.
        list_: Which list.
        columns: What is read of it.
        day: Another day whose list is wanted.
    """
    day = page.snapshot_on(list_, day or page.until)
    own = {} if page.settings.get("all_vo") else {"vo": page.unit}
    chosen = day or date(1900, 1, 1)
    return page.read(
        "waiting_list",
        start=chosen,
        end=chosen + timedelta(days=1),
        where={"list": list_, **own},
        columns=["snapshot_date", *columns],
    )


def on_list(page: Page, list_: str, *, day: date | None = None) -> Group:
    """Those on a list of the page's VO at the period's end, or on another day."""
    day = day or page.until
    day = page.snapshot_on(list_, day) or day
    vo = None if page.settings.get("all_vo") else page.unit
    return Group.of(WAITING, list=list_, vo=vo, time=day.isoformat())


def queue_columns() -> tuple[Column, Column]:
    """How many queues there are, `queues`, and in how many somebody is past the limit, `over`.

    A queue is a group of at least ten people: how many there are tells of nobody. In how many of
    them somebody is past the limit tells that so many are at least (`past`, a column that is not
    shown), and goes where their number must not be known.
    """
    over = Column(
        "over",
        "Köer med väntande över gränsen",
        "count",
        reckoned=True,
        based_on="past",
        traits=COVERED_PAST,
    )
    return Column("queues", "Köer", "count", public=True), over
