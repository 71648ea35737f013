"""Which of some rows can be true together, where not all can.

What an outsider believes may be wrong, and pages of different nights can disagree. Then he goes by
what he trusts most: what was verified, what words mean, that parts lie within their total, and
last that some parts are all of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from lpe_reports.disclosure.bounds import ContradictionError, Program, narrowed
from lpe_reports.disclosure.equations import Component, Row, Unknown, components_of


def agreeing(component: Component) -> list[Row]:
    """As many of a component's rows as can be true together, the most trusted first.

    Of what was believed to be all of a total, and cannot be, the parts at least lie within it,
    where they can.
    """
    unknowns = component.unknowns
    trusted = sorted(component.rows, key=lambda row: _doubt(row, unknowns))
    kept: list[Row] = []
    for row in _left_out(kept, trusted, unknowns):
        if not row.sure:
            _left_out(kept, [replace(row, high=inf)], unknowns)
    return kept


def _left_out(kept: list[Row], rows: Sequence[Row], unknowns: Sequence[Unknown]) -> list[Row]:
    """Put those of some rows to the kept ones that can be true with them; gives the others."""
    if _agree(kept, rows, unknowns):
        kept.extend(rows)
        return []
    if len(rows) == 1:
        return list(rows)
    half = len(rows) // 2
    return [row for some in (rows[:half], rows[half:]) for row in _left_out(kept, some, unknowns)]


def _agree(kept: Sequence[Row], rows: Sequence[Row], unknowns: Sequence[Unknown]) -> bool:
    """Whether some rows can be true together with others that can be so by themselves."""
    try:
        for part in components_of(unknowns, [*kept, *rows]):
            if part.rows:
                bounds = narrowed(part)  # exact where there is one row
                if len(part.rows) > 1 and not Program(part, bounds).is_consistent():
                    return False
    except ContradictionError:
        return False
    return True


def _doubt(row: Row, unknowns: Sequence[Unknown]) -> int:
    """How little a row is trusted."""
    if row.sure or row.by_definition:
        return 0 if row.sure else 1
    whole = all(unknowns[place].role not in ("rest", "open") for place, _ in row.terms)
    return 3 if whole else 2
