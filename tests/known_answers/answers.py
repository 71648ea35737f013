"""What is set side by side: figures of other people's, and ours of the same data."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

NEAR = 1e-6


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, ours and theirs as they are printed, and whose theirs is."""

    name: str
    ours: str
    theirs: str
    source: str


@dataclass(frozen=True)
class Section:
    """Figures of one kind, and what they are made of."""

    title: str
    about: str
    figures: list[Figure]


def numbers(*values: Any, decimals: int = 6) -> str:
    """Numbers to so many decimals; a dash where there is none."""
    return " · ".join(_number(value, decimals) for value in values)


def wholes(*values: Any) -> str:
    """Counts."""
    return numbers(*values, decimals=0)


def compared(name: str, ours: Iterable[Any], theirs: Iterable[Any], source: str) -> Figure:
    """Many numbers at once: of how many the two differ by no more than a millionth."""
    one, other = (np.array(list(values), dtype=np.float64) for values in (ours, theirs))
    alike = int(np.isclose(one, other, rtol=0, atol=NEAR, equal_nan=True).sum())
    return Figure(f"{name}: numbers alike", wholes(alike), wholes(len(other)), source)


def _number(value: Any, decimals: int) -> str:
    number = np.nan if value is None else float(value)
    if np.isnan(number):
        return "–"
    # Minus nothing is nothing.
    return f"{round(number, decimals) + 0.0:.{decimals}f}"
