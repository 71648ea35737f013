"""Runs: whether a series stays on one side of its mean for longer than chance would have it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from lpe_reports.measures.intervals import binomial_quantile
from lpe_reports.measures.special_causes import side_of


class Runs(NamedTuple):
    """How a series crosses its centre, against what chance allows."""

    longest: int
    longest_allowed: int
    crossings: int
    crossings_needed: int

    @property
    def signal(self) -> bool:
        return self.longest > self.longest_allowed or self.crossings < self.crossings_needed


def runs(chart: pd.DataFrame) -> Runs | None:
    """The longest run on one side of the mean and the crossings of it; None without points.

    Points on the mean are left out.

    Glossary: spc_runs

    Source: Anhøj and Olesen 2014.
    """
    values, centre = chart["value"].to_numpy(), chart["mean"].to_numpy()
    side = side_of(values, centre)
    side = side[side != 0]
    if not len(side):
        return None
    crossing = np.flatnonzero(np.diff(side))
    lengths = np.diff(np.concatenate([[-1], crossing, [len(side) - 1]]))
    needed = binomial_quantile(0.05, np.array([len(side) - 1]), 0.5)
    return Runs(
        longest=int(lengths.max()),
        longest_allowed=round(np.log2(len(side)) + 3),
        crossings=len(crossing),
        crossings_needed=int(needed[0]),
    )
