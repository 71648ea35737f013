"""What one page has shown so far."""

from collections.abc import Collection
from typing import Any

from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.params.disclosure import DisclosurePolicy


class Ledger:
    """The groups of one page and their numbers; real values stay in memory.

    Args:
        policy: The region's decision.
        decided: Keys that stay hidden: decided across pages, or hidden for a closed period in a
            version still kept.
        across: Those of them that were decided across pages.
        nesting: What is made up of what.
        place: The page (report/unit/period), which names the groups of tables that say nothing
            of theirs.
    """

    def __init__(
        self,
        policy: DisclosurePolicy,
        *,
        decided: Collection[str] = (),
        across: Collection[str] = (),
        nesting: Nesting | None = None,
        place: Group | str = "",
    ) -> None:
        self.policy = policy
        self.decided = frozenset(decided) | frozenset(across)
        self.across = frozenset(across)
        self.nesting = nesting or Nesting()
        self.place = place.key if isinstance(place, Group) else place

    def record(self) -> dict[str, Any]:
        """What the page shows, as JSON: no hidden value is in it."""
        return {"cells": {}, "whole": [], "within": [], "decided": [], "lost": [0, 0]}
