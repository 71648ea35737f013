"""The one table that the demo meets exactly: NGB49, performed in 2025.

Which of a year's primary knee replacements are written NGB49 (with cement) and which NGB29 or
NGB39 is chosen afterwards, among people operated on alike. Only the code is chosen, on the
need and so on everything that follows from it; days and order stay as the queue lived them. A
code is seen from the decision on, so a demo that ends before the year does is lived to its end
all the same, and then shown as far as it goes.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from lpe_reports.warehouse.demo.catalogue import procedures
from lpe_reports.warehouse.demo.days import number_of
from lpe_reports.warehouse.demo.draws import Ints, generator
from lpe_reports.warehouse.demo.office import UNITS
from lpe_reports.warehouse.demo.planned import CODES, Planned
from lpe_reports.warehouse.demo.sessions import Session

# Per department: operations and sum of days from decision to operation, as the office's table
# has them (means 218.60, 139.48 and 84.21 days; 114.61 in all).
NGB49_2025 = {"ga-cop": (40, 8744), "hu-cop": (21, 2929), "bo-opc": (154, 12968)}
YEAR = 2025
STEERED_CODE = "NGB49"
_KNEE = procedures()["KNEE"]
_NGB49 = CODES.index(STEERED_CODE)
_OTHERS = tuple(CODES.index(code) for code in _KNEE.codes if code != STEERED_CODE)
_LARGEST_STEP_DAYS = 30
_BEGINS, _ENDS = number_of(date(YEAR, 1, 1)), number_of(date(YEAR + 1, 1, 1))
# Nobody operated on that year was decided on before this day.
_FIRST_DECISIONS = number_of(date(YEAR - 2, 1, 1))


def lived_until(first: int, until: int) -> int:
    """The night to which a demo must be lived so that its codes can be chosen."""
    return max(until, _ENDS) if first <= _BEGINS and until >= _FIRST_DECISIONS else until


def meet_ngb49(
    planned: Planned,
    sessions: Sequence[Session],
    *,
    first: int,
    lived: int,
    seed: int,
    scale: float,
) -> bool:
    """Choose who is written NGB49, so that 2025's table comes out; whether it does.

    It does not where only a part of 2025 was lived, or too few knees at a small scale; the
    codes then stay as they were drawn. At another scale numbers and sums are multiplied.
    """
    if first > _BEGINS or lived < _ENDS:
        return False
    unit = np.array([s.unit for s in sessions])[planned.session]
    day = np.array([s.day for s in sessions])[planned.session]
    knees = np.isin(planned.code, [CODES.index(code) for code in _KNEE.codes])
    knees &= (planned.session >= 0) & (day >= _BEGINS) & (day < _ENDS)
    chosen: list[tuple[Ints, Ints]] = []
    for n, operating_unit in enumerate(UNITS):
        pool = np.flatnonzero(knees & (unit == n))
        count, total = NGB49_2025.get(operating_unit.id, (0, 0))
        rng = generator(seed, "ngb49", operating_unit.id)
        days = day[pool] - planned.decided[pool]
        found = choose(days, round(count * scale), round(total * scale), rng)
        if found is None:
            return False
        chosen.append((pool, found))
    for pool, found in chosen:
        _write(planned, pool, found)
    return True


def choose(days: Ints, count: int, total: int, rng: np.random.Generator) -> Ints | None:
    """Indices of `count` values that sum to `total`, spread as the values are; None if none do.

    Begins with any `count` of them and exchanges one for another, a moderate step at a time,
    until the sum is right.
    """
    if count > len(days):
        return None
    inside = np.zeros(len(days), dtype=np.bool_)
    inside[rng.permutation(len(days))[:count]] = True
    for _ in range(20 * len(days) + 20):
        missing = total - int(days[inside].sum())
        if missing == 0:
            return np.flatnonzero(inside)
        ins, outs = np.flatnonzero(inside), np.flatnonzero(~inside)
        if not len(ins) or not len(outs):
            return None
        step = np.clip(missing, -_LARGEST_STEP_DAYS, _LARGEST_STEP_DAYS)
        one = ins[rng.integers(len(ins))]
        off = np.abs(days[outs] - days[one] - step)
        other = outs[rng.choice(np.flatnonzero(off == off.min()))]
        gain = int(days[other] - days[one])
        if abs(missing - gain) < abs(missing):
            inside[one], inside[other] = False, True
    return None


def _write(planned: Planned, pool: Ints, found: Ints) -> None:
    """Write those found NGB49, and the rest of the pool one of the other codes."""
    # By a number of their own: where they stand in the columns depends on how long was lived.
    others = np.array(_OTHERS)[planned.decided_at[pool] % len(_OTHERS)]
    keep = planned.code[pool] != _NGB49
    planned.code[pool] = np.where(keep, planned.code[pool], others)
    planned.code[pool[found]] = _NGB49
