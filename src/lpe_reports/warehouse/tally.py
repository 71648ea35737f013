"""What the load of one table came to: rows, checks with counts, and whether it is refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lpe_reports.errors import ContractError
from lpe_reports.warehouse.manifest import CheckCount
from lpe_reports.warehouse.rules import Consequence, Rule


@dataclass
class Tally:
    """Counts for one table, added to while its rows pass by.

    Attributes:
        table: The table.
        fetched: Rows that the source gave.
        rejected: Rows that were set aside.
        repaired: Rows that were mended, or dropped as copies of another.
        left_out: Rows of events after the night, which cannot be part of it.
        unknown: Per column, spellings that no alias explains, with their rows.
    """

    table: str
    fetched: int = 0
    rejected: int = 0
    repaired: int = 0
    left_out: int = 0
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    _counts: dict[str, tuple[Rule, int]] = field(default_factory=dict)

    def count(self, rule: Rule, rows: int) -> None:
        """So many more rows break a rule."""
        if rows:
            self._counts[rule.id] = (rule, self._counts.get(rule.id, (rule, 0))[1] + rows)

    def count_unknown(self, column: str, spellings: Iterable[tuple[str, int]]) -> None:
        """So many more rows of a column have spellings that no alias explains."""
        seen = self.unknown.setdefault(column, {})
        for spelling, rows in spellings:
            seen[spelling] = seen.get(spelling, 0) + rows

    @property
    def checks(self) -> tuple[CheckCount, ...]:
        """Every rule that was broken, with its number of rows."""
        return tuple(
            CheckCount(rule.name, rule.columns, str(rule.consequence), rows)
            for rule, rows in self._counts.values()
        )

    def refuse_if_broken(self, source: str, rejected_share: float) -> None:
        """Refuse the table when a rule of consequence `load` is broken, or too many rows are.

        Raises:
            ContractError: Names table, column, rule and number of rows.
        """
        broken = [each for each in self._counts.values() if each[0].consequence is Consequence.LOAD]
        problems = [self._problem(rule, rows) for rule, rows in broken]
        if self.rejected > rejected_share * self.fetched:
            problems += [
                self._problem(rule, rows)
                for rule, rows in self._counts.values()
                if rule.consequence is Consequence.ROW
            ]
            problems.append(
                f"{self.rejected} of {self.fetched} rows would be set aside, more than "
                f"{rejected_share:.1%} (limits.rejected_share in params/sources.yml)"
            )
        if problems:
            raise ContractError(
                f"table {self.table} of source '{source}' is refused:\n  " + "\n  ".join(problems)
            )

    @staticmethod
    def _problem(rule: Rule, rows: int) -> str:
        kind = "column" if len(rule.columns) == 1 else "columns"
        return (
            f"{kind} {', '.join(rule.columns)}, rule {rule.name}: "
            f"{rows} {'row' if rows == 1 else 'rows'}; expected {rule.says}"
        )
