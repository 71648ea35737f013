"""What every measure means, as the site's definitions page shows it."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lpe_reports.errors import ParamsError
from lpe_reports.params.reading import ParamsModel, read_model

Text = Annotated[str, Field(min_length=1)]


class Definition(ParamsModel):
    """One entry: a measure's names, definition and source."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    english: Text
    definition: Text
    numerator: str | None = None
    denominator: str | None = None
    excluded: str | None = None
    source: Text
    method: str | None = None
    valid_from: date | None = None


class GuaranteeLimit(ParamsModel):
    """How many days the care guarantee (vårdgaranti) allows, from a date on."""

    list: Literal["first_contact", "operation"]
    days: Annotated[int, Field(gt=0)]
    valid_from: date
    valid_to: date | None = None
    source: Text


class Limits(ParamsModel):
    guarantee: list[GuaranteeLimit]


class GlossaryFile(ParamsModel):
    limits: Limits
    entries: Annotated[list[Definition], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [entry.id for entry in self.entries]
        for entry_id in ids:
            if ids.count(entry_id) > 1:
                raise ValueError(f"two entries have the id '{entry_id}'")
        return self


class Glossary:
    """Definitions by id, and the limits in force."""

    def __init__(self, file: GlossaryFile, name: str) -> None:
        self.entries = tuple(file.entries)
        self._by_id = {entry.id: entry for entry in file.entries}
        self._guarantee = file.limits.guarantee
        self._name = name

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._by_id

    def get(self, entry_id: str) -> Definition:
        """The entry with an id.

        Raises:
            ParamsError: There is none; every measure that is shown must have one.
        """
        if entry_id not in self._by_id:
            raise ParamsError(self._name, None, f"no entry '{entry_id}'; define what is shown")
        return self._by_id[entry_id]

    @property
    def guarantee(self) -> tuple[GuaranteeLimit, ...]:
        """The guarantee's limits, whenever they are in force."""
        return tuple(self._guarantee)

    def guarantee_days(self, list_: str, on: date) -> int:
        """The guarantee's limit in days for a list on a day.

        Raises:
            ParamsError: No limit is in force that day.
        """
        for limit in self._guarantee:
            started = limit.valid_from <= on
            if limit.list == list_ and started and (limit.valid_to is None or on <= limit.valid_to):
                return limit.days
        raise ParamsError(self._name, None, f"no guarantee limit for '{list_}' on {on}")


def load_glossary(path: Path, root: Path) -> Glossary:
    """The glossary of `params/glossary.yml`."""
    return Glossary(read_model(path, GlossaryFile, root), path.relative_to(root).as_posix())
