"""What every measure means, as the site's definitions page shows it."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lpe_reports.errors import ParamsError
from lpe_reports.params.reading import ParamsModel, read_model, repeated

Text = Annotated[str, Field(min_length=1)]
GuaranteeList = Literal["first_contact", "operation"]


class FormerRule(ParamsModel):
    """How something was counted before, and until when.

    Fields:
        definition: The rule, in Swedish.
        valid_from: Its first day, where that is known.
        valid_to: Its last day.
        source: Whose rule it was.
    """

    definition: Annotated[Text, Field(examples=["Dagar från beslut till operation."])]
    valid_from: date | None = None
    valid_to: date
    source: Annotated[str | None, Field(examples=["SPOR"])] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from is not None and self.valid_to < self.valid_from:
            raise ValueError("a former rule ends before it begins")
        return self


class Definition(ParamsModel):
    """One entry: a measure's names, definition and source.

    Fields:
        id: What `p.series`, `p.answer` and key figures call it.
        name: What pages call it, in Swedish.
        english: The term of the field in English.
        definition: What is counted, and how, in Swedish.
        numerator: Of a share: what is counted above the line, in Swedish.
        denominator: Of a share: out of what, in Swedish.
        excluded: What is left out, in Swedish.
        source: Whose definition it is.
        method: How it is computed, where the definition does not say all of it, in Swedish.
        limit: The entry of `limits` that it counts by.
        valid_from: The first day of the definition.
        valid_to: The last day, where it is not in force any more.
        former: The rules before it, the newest first.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    english: Text
    definition: Text
    numerator: str | None = None
    denominator: str | None = None
    excluded: str | None = None
    source: Text
    method: str | None = None
    limit: Literal["guarantee"] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    former: list[FormerRule] = []

    @model_validator(mode="after")
    def _one_rule_at_a_time(self) -> Self:
        begins = self.valid_from
        if self.valid_to is not None and begins is not None and self.valid_to < begins:
            raise ValueError(f"'{self.id}' ends before it begins")
        for rule in self.former:
            if begins is None or rule.valid_to >= begins:
                raise ValueError(
                    f"'{self.id}': former rules end before the next rule begins, the newest first"
                )
            begins = rule.valid_from
        return self


class GuaranteeLimit(ParamsModel):
    """How many days the care guarantee (vårdgaranti) allows, from a date on.

    Measures count by the one that was in force on the day their answer is about, so that an old
    period keeps the rule of its own time.

    Fields:
        list: The waiting list that it is for.
        days: How many days it allows.
        valid_from: Its first day.
        valid_to: Its last day; none where it is in force.
        source: The law or the agreement.
        says: What it promises, in Swedish.
    """

    list: GuaranteeList
    days: Annotated[int, Field(gt=0)]
    valid_from: date
    valid_to: date | None = None
    source: Text
    says: Text

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Limits(ParamsModel):
    """Limits that measures count by, with the days they are in force.

    Fields:
        guarantee: Those of the care guarantee (vårdgaranti).
    """

    guarantee: list[GuaranteeLimit]

    @model_validator(mode="after")
    def _one_limit_at_a_time(self) -> Self:
        for list_ in {limit.list for limit in self.guarantee}:
            own = [limit for limit in self.guarantee if limit.list == list_]
            own.sort(key=lambda limit: limit.valid_from)
            for before, after in pairwise(own):
                if before.valid_to is None or before.valid_to >= after.valid_from:
                    raise ValueError(f"two limits of '{list_}' are in force on {after.valid_from}")
        return self


class GlossaryFile(ParamsModel):
    """What every measure means; a page may only show what has an entry here.

    Fields:
        limits: Limits that measures count by.
        entries: The definitions, in the order of the definitions page.
    """

    limits: Limits
    entries: Annotated[list[Definition], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if twice := repeated(entry.id for entry in self.entries):
            raise ValueError(f"two entries have the id '{twice}'")
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

    def guarantee_on(self, day: date, *, list: str) -> GuaranteeLimit:
        """The guarantee's limit for a list that is in force on a day.

        Args:
            day: A snapshot's date, or the last day of a period.
            list: "first_contact" or "operation".

        Raises:
            ParamsError: None is in force that day.
        """
        for limit in self._guarantee:
            if limit.list == list and limit.holds_on(day):
                return limit
        raise ParamsError(self._name, None, f"no guarantee limit for '{list}' on {day}")


def load_glossary(path: Path, root: Path) -> Glossary:
    """The glossary of `params/glossary.yml`."""
    return Glossary(read_model(path, GlossaryFile, root), path.relative_to(root).as_posix())
