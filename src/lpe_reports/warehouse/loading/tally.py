"""What the load of one table came to: rows, checks with counts, and whether it is refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lpe_reports.errors import ContractError
from lpe_reports.params.sources import Limits
from lpe_reports.warehouse.loading.findings import Counts
from lpe_reports.warehouse.nights.manifest import CheckCount
from lpe_reports.warehouse.rules import Consequence, Rule

# The rules about spellings that no alias explains.
UNKNOWN_RULES = ("unknown_unit", "unknown_code")
# A column mapped by mistake may hold millions; none of those would be told.
_MOST_SPELLINGS = 1000


@dataclass
class Tally:
    """Counts for one table, added to while its rows pass by.

    Attributes:
        table: The table.
        fetched: Rows that the source gave.
        left_out: Rows of events after the night, which cannot be part of it.
        newest_left_out: The newest of those events, up to today.
        unknown: Per column, spellings that no alias explains, with their rows.
    """

    table: str
    fetched: int = 0
    left_out: int = 0
    newest_left_out: date | None = None
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    _broken: dict[str, tuple[Rule, int]] = field(default_factory=dict)

    def count(self, rule: Rule, rows: int) -> None:
        """So many more rows break a rule of consequence `load`."""
        if rows:
            self._broken[rule.id] = (rule, self._broken.get(rule.id, (rule, 0))[1] + rows)

    def count_left_out(self, rows: int, newest: date | None) -> None:
        """So many more rows are of events after the night, the newest of them up to today."""
        self.left_out += rows
        days = [day for day in (self.newest_left_out, newest) if day is not None]
        self.newest_left_out = max(days, default=None)

    def count_unknown(self, column: str, spellings: Iterable[tuple[str, int]]) -> None:
        """So many more rows of a column have spellings that no alias explains."""
        seen = self.unknown.setdefault(column, {})
        for spelling, rows in spellings:
            if spelling in seen or len(seen) < _MOST_SPELLINGS:
                seen[spelling] = seen.get(spelling, 0) + rows

    def problems(self) -> list[str]:
        """What refuses the table whatever its size, each with rule and rows."""
        return [problem(check_of(rule, rows), rule.says) for rule, rows in self._broken.values()]


def share_problems(
    counts: Counts, of_rows: int, limits: Limits, says: Mapping[str, str]
) -> list[str]:
    """Why a table is refused for how many of its rows are wrong.

    Args:
        counts: What was found.
        of_rows: In how many rows.
        limits: How many may be wrong.
        says: Rule → what it expects.
    """
    told: list[str] = []
    checks = counts.checks()
    if counts.rejected > limits.rejected_share * of_rows:
        told += [
            problem(check, says.get(check_id(check), "what the contract says"))
            for check in checks
            if check.consequence == Consequence.ROW
        ]
        told.append(
            f"{counts.rejected} of {of_rows} rows would be set aside, more than "
            f"{limits.rejected_share:.1%} (limits.rejected_share in params/sources.yml)"
        )
    told += [
        f"column {check.columns[0]}: {check.rows} of {of_rows} rows have a spelling that no alias "
        f"explains, more than {limits.unknown_share:.1%} (limits.unknown_share in "
        "params/sources.yml); add the spellings to dim_alias, the source's aliases or, of units, "
        "their aliases in params/units.yml"
        for check in checks
        if check.rule in UNKNOWN_RULES and check.rows > limits.unknown_share * of_rows
    ]
    return told


def refuse(table: str, source: str, problems: Sequence[str]) -> None:
    """Refuse a table that has problems.

    Raises:
        ContractError: There are some.
    """
    if problems:
        raise ContractError(
            f"table {table} of source '{source}' is refused:\n  " + "\n  ".join(problems)
        )


def check_of(rule: Rule, rows: int) -> CheckCount:
    """How many rows break a rule."""
    return CheckCount(rule.name, rule.columns, str(rule.consequence), rows)


def check_id(check: CheckCount) -> str:
    """The `Rule.id` of a check."""
    return f"{check.rule}({', '.join(check.columns)})"


def problem(check: CheckCount, says: str) -> str:
    """A broken rule in words: columns, rule, rows, and what was expected."""
    kind = "column" if len(check.columns) == 1 else "columns"
    return (
        f"{kind} {', '.join(check.columns)}, rule {check.rule}: "
        f"{check.rows} {'row' if check.rows == 1 else 'rows'}; expected {says}"
    )
