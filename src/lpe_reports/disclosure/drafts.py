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
    drafts: Sequence[Draft],
    *,
    table: str,
    policy: DisclosurePolicy,
    ledger: Ledger,
    sum_known: bool = False,
) -> Protected:
    """The first draft of which few enough cells are hidden, else the last.

    Which one it is shows in its columns and rows.

    Args:
        drafts: From fine to coarse.
        table: The id that the policy knows the table by.
        policy: The region's decision; `most_hidden` is the share of cells that may be hidden.
        ledger: What the page has shown before; the chosen draft joins it, the others do not.
        sum_known: As of `protect`, for drafts that do not say whom they are about.

    Raises:
        ValueError: There is no draft.
        DisclosureError: As of `protect`.
    """
    if not drafts:
        raise ValueError(f"table '{table}': there is no draft to choose from")
    for draft in drafts[:-1]:
        trial = ledger.trial()
        shown = _protected(draft, table, policy, trial, sum_known)
        if _share_hidden(shown) <= policy.most_hidden:
            ledger.adopt(trial)
            return shown
    return _protected(drafts[-1], table, policy, ledger, sum_known)


def _protected(
    draft: Draft, table: str, policy: DisclosurePolicy, ledger: Ledger, sum_known: bool
) -> Protected:
    return protect(
        draft.frame,
        table=table,
        columns=draft.columns,
        policy=policy,
        total_row=draft.total_row,
        about=draft.about,
        ledger=ledger,
        sum_known=sum_known and draft.about is None,
    )


def _share_hidden(table: Protected) -> float:
    """How large a part of the numbers that could be shown is hidden; public ones do not count."""
    numbers = [c.id for c in table.columns if not c.is_text and not c.public]
    hidden, frame = table.hidden[numbers], table.frame[numbers]
    cells = int((frame.notna() | hidden).sum().sum())
    return int(hidden.sum().sum()) / cells if cells else 0.0
