"""A column as a notebook writes it: what is misspelt is refused where it stands."""

from typing import get_args

from lpe_reports.disclosure import columns
from lpe_reports.errors import UsageError
from lpe_reports.params.units import unknown
from lpe_reports.wording import ColumnType

TYPES: tuple[str, ...] = get_args(ColumnType)


class Column(columns.Column):
    __doc__ = columns.Column.__doc__

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            problem = unknown("type", str(self.type), TYPES)
            there = f" There are: {', '.join(TYPES)}" if "there are" not in problem else ""
            raise UsageError(f"Column '{self.id}': {problem}{there}")
        super().__post_init__()
