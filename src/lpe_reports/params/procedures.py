"""Procedures (KVÅ) and the groups that reports divide them into."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from lpe_reports.errors import UsageError
from lpe_reports.params.reading import ParamsModel, read_model, repeated
from lpe_reports.params.units import Slug, unknown

Prefix = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,4}$")]


class ProcedureGroup(ParamsModel):
    """A set of procedure codes by prefix.

    Fields:
        id: What params and notebooks call it.
        name: What pages call it, in Swedish.
        slug: Its part of an address; it never changes.
        prefixes: What its codes begin with.
    """

    id: Slug
    name: str
    slug: Slug
    prefixes: Annotated[list[Prefix], Field(min_length=1)]


class ProcedureCode(ParamsModel):
    """One code with its name in the classification.

    Fields:
        code: The code, which is its id, too.
        name: Its Swedish name.
        slug: Its part of an address; it never changes.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z]{3}[0-9]{2}$")]
    name: str
    slug: Slug


class ProceduresFile(ParamsModel):
    """Procedures (KVÅ) and the groups that reports divide them into.

    Fields:
        groups: The groups; the first that fits is a code's group.
        selections: Named sets that cut across the groups.
        codes: Single codes that have pages of their own.
    """

    groups: list[ProcedureGroup]
    selections: list[ProcedureGroup]
    codes: list[ProcedureCode]

    @model_validator(mode="after")
    def _slugs_differ(self) -> Self:
        slugs = [entry.slug for entry in (*self.groups, *self.selections)]
        slugs += [code.slug for code in self.codes]
        if twice := repeated(slugs):
            raise ValueError(f"two procedures or groups have the slug '{twice}'")
        ids = [entry.id for entry in (*self.groups, *self.selections)]
        if twice := repeated([*ids, *(code.code for code in self.codes)]):
            raise ValueError(f"'{twice}' stands twice among groups, selections and codes")
        return self


class Procedures:
    """Groups, selections and codes by id; a code's id is the code itself."""

    def __init__(self, file: ProceduresFile) -> None:
        self.groups = tuple(file.groups)
        self.selections = tuple(file.selections)
        self.codes = tuple(file.codes)
        self._prefixes = {e.id: tuple(e.prefixes) for e in (*file.groups, *file.selections)}
        self._prefixes |= {entry.code: (entry.code,) for entry in file.codes}
        self._names = {e.id: e.name for e in (*file.groups, *file.selections)}
        self._names |= {entry.code: entry.name for entry in file.codes}
        self._slugs = {e.id: e.slug for e in (*file.groups, *file.selections)}
        self._slugs |= {entry.code: entry.slug for entry in file.codes}

    def __contains__(self, procedure: object) -> bool:
        return procedure in self._prefixes

    def __iter__(self) -> Iterator[str]:
        return iter(self._prefixes)

    def prefixes(self, procedure: str) -> tuple[str, ...]:
        """What the codes of a group, selection or code begin with.

        Raises:
            UsageError: There is no such group, selection or code.
        """
        self._require(procedure)
        return self._prefixes[procedure]

    def name(self, procedure: str) -> str:
        """Its Swedish name."""
        self._require(procedure)
        return self._names[procedure]

    def slug(self, procedure: str) -> str:
        """Its part of an address."""
        self._require(procedure)
        return self._slugs[procedure]

    def group_of(self, code: str) -> str | None:
        """The id of the group that a code belongs to."""
        for group in self.groups:
            if code.startswith(tuple(group.prefixes)):
                return group.id
        return None

    def matches(self, procedure: str, code: str) -> bool:
        """Whether a code belongs to a group, selection or code."""
        return code.startswith(self.prefixes(procedure))

    def group_prefixes(self) -> dict[str, tuple[str, ...]]:
        """The prefixes of each group, in order: the first that fits is a code's group."""
        return {group.id: tuple(group.prefixes) for group in self.groups}

    def _require(self, procedure: object) -> None:
        if not isinstance(procedure, str):
            raise UsageError(
                f"a procedure or group is named by its id, not by a {type(procedure).__name__}. "
                "A code outside all groups has none: leave it out "
                '(.map(….name, na_action="ignore")) or give it a name of its own'
            )
        if procedure not in self._prefixes:
            raise UsageError(unknown("procedure or group", procedure, self._prefixes))


def load_procedures(path: Path, root: Path) -> Procedures:
    """The procedures of `params/procedures.yml`."""
    return Procedures(read_model(path, ProceduresFile, root))
