"""A coarser table is shown before many cells of a finer one are hidden."""

import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft, protect_coarsest
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.protected import Protected
from lpe_reports.params.disclosure import DisclosurePolicy

pytestmark = pytest.mark.promise(
    "disclosure", "A coarser table is shown before many cells of a finer one are hidden"
)

POLICY = DisclosurePolicy(decision="x", threshold=5, most_hidden=0.25, families=[])
MONTH = Column("period", "Månad", "month", trait="time")
QUARTER = Column("period", "Kvartal", "period", trait="time")
COUNT = Column("n", "Antal", "count")
ABOUT = Group.of("operated")


def draft(column: Column, rows: dict[str, int]) -> Draft:
    frame = pd.DataFrame({"period": list(rows), "n": list(rows.values())})
    return Draft(frame, [column, COUNT], about=ABOUT)


MONTHS = {"2025-01": 3, "2025-02": 2, "2025-03": 4, "2025-04": 9, "2025-05": 8, "2025-06": 30}
QUARTERS = {"2025-Q1": 9, "2025-Q2": 47}


def chosen(*drafts: Draft, page: Ledger | None = None) -> Protected:
    return protect_coarsest(
        drafts, table="equity", policy=POLICY, ledger=Ledger(POLICY) if page is None else page
    )


def test_coarser_is_shown_when_too_many_cells_of_the_finer_are_hidden() -> None:
    """Half of the months would be hidden; no quarter is."""
    table = chosen(draft(MONTH, MONTHS), draft(QUARTER, QUARTERS))

    assert table.columns[0].label == "Kvartal"
    assert table.cells() == (("2025-Q1", 9), ("2025-Q2", 47))


def test_finer_is_shown_when_few_enough_cells_are_hidden() -> None:
    """One of six is less than a quarter."""
    table = chosen(draft(MONTH, {**MONTHS, "2025-02": 20, "2025-03": 9}), draft(QUARTER, QUARTERS))

    assert table.columns[0].label == "Månad"
    assert len(table.hidden_cells()) == 1


def test_the_coarsest_is_shown_even_when_much_of_it_is_hidden() -> None:
    """There is nothing coarser."""
    table = chosen(draft(MONTH, MONTHS), draft(QUARTER, {"2025-Q1": 3, "2025-Q2": 2}))

    assert table.columns[0].label == "Kvartal"
    assert len(table.hidden_cells()) == 2


def test_a_draft_that_was_only_tried_leaves_no_mark() -> None:
    """The page's record is that of one that never tried; nor does it count what was lost there."""
    tried, never = Ledger(POLICY), Ledger(POLICY)
    chosen(draft(MONTH, MONTHS), draft(QUARTER, QUARTERS), page=tried)
    chosen(draft(QUARTER, QUARTERS), page=never)

    assert tried.record() == never.record()


def test_a_draft_that_is_chosen_joins_the_page() -> None:
    """Months that are shown keep the quarter after them from telling the hidden one."""
    page = Ledger(POLICY)
    chosen(draft(MONTH, {**MONTHS, "2025-02": 20, "2025-03": 9}), draft(QUARTER, {}), page=page)
    after = chosen(draft(QUARTER, {"2025-Q1": 32}), page=page)

    assert after.hidden_cells() == ((0, 1),)


def test_there_must_be_a_draft() -> None:
    """None to choose from is a mistake of the report."""
    with pytest.raises(ValueError, match="no draft"):
        chosen()
