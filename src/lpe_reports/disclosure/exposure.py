"""What has been shown, as an outsider sees it: numbers of groups, and how they add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

FORMAT = 1


class Relation(NamedTuple):
    """A total and parts of it that have nobody in common.

    Args:
        total: The total's key.
        parts: The keys of the parts.
        whole: Whether the parts are all of the total; else somebody may be in none of them.
        sure: Whether it was verified on the real numbers; else it is what an outsider would
            believe.
        by_definition: Whether he believes it for what the words mean: a quarter is its months, a
            hospital its operating units. He holds to that before he holds to what he guesses.
    """

    total: str
    parts: tuple[str, ...]
    whole: bool
    sure: bool = True
    by_definition: bool = False


class Mean(NamedTuple):
    """A shown mean, and the key of the count that it is over."""

    over: str
    value: float


@dataclass(frozen=True)
class Exposure:
    """Numbers of groups by key, None where hidden, and which of them make up which.

    Args:
        cells: By a group's key its number, None where it is hidden; by a sum's key the mean or
            sum that is shown.
        relations: What adds up to what.
        means: The shown means by the key of their sum; exact, since the downloads of a page hold
            them so.
        withheld: Hidden cells of tables that are wholly hidden, of which some may be zero; a
            hidden number elsewhere is at least one, since zeros are shown.
    """

    cells: Mapping[str, float | None] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    means: Mapping[str, Mean] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Exposure":
        """The exposure that `Ledger.record` wrote."""
        whole = [Relation(total, tuple(parts), True) for total, parts in record["whole"]]
        within = [Relation(total, tuple(parts), False) for total, parts in record["within"]]
        means = {key: Mean(count, value) for key, count, value in record.get("means", ())}
        withheld = frozenset(record.get("withheld", ()))
        return cls(dict(record["cells"]), (*whole, *within), means, withheld)

    def as_record(self) -> dict[str, Any]:
        """The exposure as JSON, the same bytes for the same exposure."""
        found = sorted(self.relations)
        return {
            "format": FORMAT,
            "cells": dict(sorted(self.cells.items())),
            "whole": [[r.total, list(r.parts)] for r in found if r.whole and r.sure],
            "within": [[r.total, list(r.parts)] for r in found if not r.whole and r.sure],
            "means": [[key, mean.over, mean.value] for key, mean in sorted(self.means.items())],
            "withheld": sorted(self.withheld),
        }

    @property
    def hidden(self) -> frozenset[str]:
        """The keys of what is hidden."""
        return frozenset(key for key, value in self.cells.items() if value is None)

    def merged(self, others: Iterable["Exposure"]) -> "Exposure":
        """This and others as one: what somebody sees who reads all those pages.

        What one shows and another hides is shown. Where two show different numbers of one group,
        which a page that was kept from an earlier night can do, the first one's is taken.
        """
        cells, means, withheld = dict(self.cells), dict(self.means), set(self.withheld)
        relations = dict.fromkeys(self.relations)
        firmly = {key for key in self.hidden if key not in self.withheld}
        for other in others:
            for key, value in other.cells.items():
                if cells.get(key) is None:
                    cells[key] = value
            means = {**other.means, **means}
            relations |= dict.fromkeys(other.relations)
            withheld |= other.withheld
            firmly |= other.hidden - other.withheld
        return Exposure(cells, tuple(relations), means, frozenset(withheld - firmly))
