"""The care guarantee (vårdgaranti): how long one may have to wait, and when that was so.

The rules stand in params with the dates they hold; a measure takes the one that was in force on
the day its answer is about, so that an old period keeps the rule of its own time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

GuaranteeList = Literal["first_contact", "operation"]


@dataclass(frozen=True)
class GuaranteeRule:
    """What the guarantee promises those on one list, from a day on.

    Attributes:
        list: What is waited for: a first contact, or an operation.
        limit_days: Who has waited so many days, or fewer, is within it.
        valid_from: The first day that the rule is in force.
        valid_to: The last one; None until further notice.
        source: Where it is written.
        says: What it promises, in Swedish, for the definitions page.
    """

    list: GuaranteeList
    limit_days: int
    valid_from: date
    valid_to: date | None = None
    source: str = ""
    says: str = ""

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def rule_in_force(rules: Iterable[GuaranteeRule], list: str, on: date) -> GuaranteeRule | None:
    """The rule of a list on a day, the newest where several hold; None where none does.

    Args:
        rules: All rules, in any order.
        list: "first_contact" or "operation".
        on: The day: a snapshot's date, or the last day of a period.

    Glossary: guarantee_share_waiting, guarantee_share_performed
    """
    holding = [rule for rule in rules if rule.list == list and rule.holds_on(on)]
    return max(holding, key=lambda rule: rule.valid_from, default=None)
