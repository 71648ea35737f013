"""Which tables describe patients, and which numbers are too small to show."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from lpe_reports.params.reading import ParamsModel, read_model, repeated

Text = Annotated[str, Field(min_length=1)]
TableId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class TableFamily(ParamsModel):
    """Tables that one decision covers.

    Fields:
        id: The name of the family.
        name: What the site calls it, in Swedish.
        protected: Whether small numbers of its tables are hidden.
        reason: Why, in Swedish, as the site says it.
        tables: The ids of the tables, as notebooks and answers give them.
    """

    id: TableId
    name: Text
    protected: bool
    reason: Text
    tables: Annotated[list[TableId], Field(min_length=1)]


class DisclosurePolicy(ParamsModel):
    """The region's decision on small numbers.

    Fields:
        decision: Whose decision it is, as the site says it.
        threshold: Counts from 1 to one less than this are hidden in protected tables.
        dominance: A sum of which one patient makes more than this share is hidden.
        most_hidden: A table of which a larger share of cells would be hidden is shown coarser,
            where the report has a coarser one.
        families: The tables that the decision names; any other table is protected.
    """

    decision: Text
    threshold: Annotated[int, Field(ge=2, le=100)]
    dominance: Annotated[float, Field(ge=0.5, le=1)] = 0.9
    most_hidden: Annotated[float, Field(ge=0, le=1)] = 0.25
    families: list[TableFamily]

    @model_validator(mode="after")
    def _tables_stand_once(self) -> Self:
        tables = [table for family in self.families for table in family.tables]
        if twice := repeated(tables):
            raise ValueError(f"the table '{twice}' stands twice; each has one family")
        if twice := repeated(family.id for family in self.families):
            raise ValueError(f"two families have the id '{twice}'")
        return self

    def family_of(self, table: str) -> TableFamily | None:
        """The family that names a table, or None."""
        return next((family for family in self.families if table in family.tables), None)

    def protects(self, table: str) -> bool:
        """Whether small numbers of a table are hidden; so they are where no family names it."""
        family = self.family_of(table)
        return family is None or family.protected


def load_disclosure(path: Path, root: Path) -> DisclosurePolicy:
    """The policy of `params/disclosure.yml`.

    Raises:
        ParamsError: It is wrong; names file and line.
    """
    return read_model(path, DisclosurePolicy, root)
