"""Coarser tables before hidden cells: of several drafts of a table the finest that shows enough."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.params.disclosure import DisclosurePolicy


@dataclass(frozen=True)
class Draft:
    """One way to divide a table: by month, by quarter.

    Args:
        frame: The table.
        columns: What is shown of it.
        total_row: The position of the row that sums the others.
        about: Whom it is about.
    """

    frame: pd.DataFrame
    columns: Sequence[Column]
    total_row: int | None = None
    about: Group | None = None


def protect_coarsest(
    drafts: Sequence[Draft], *, table: str, policy: DisclosurePolicy, ledger: Ledger
) -> Protected:
    """The first draft of which few enough cells are hidden, else the last.

    Args:
        drafts: From fine to coarse.
        table: The id that the policy knows the table by.
        policy: The region's decision; `most_hidden` is the share of cells that may be hidden.
        ledger: What the page has shown before; the chosen draft joins it, the others do not.
    """
    draft = drafts[0]
    return protect(
        draft.frame,
        table=table,
        columns=draft.columns,
        policy=policy,
        total_row=draft.total_row,
        about=draft.about,
        ledger=ledger,
    )
