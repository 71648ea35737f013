"""The units that reports are made for: hospitals, operating departments, VO, sections, clinics."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from lpe_reports.errors import UsageError
from lpe_reports.params.quoting import shown
from lpe_reports.params.reading import SLUG, ParamsModel, read_model, repeated

# What Windows keeps for devices: no file and no folder can be called so, with any ending.
_DEVICES = {"con", "prn", "aux", "nul", "conin", "conout"}
_DEVICES |= {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}


def can_be_a_file(name: str) -> str:
    """A name, if a file can be called so on every system."""
    if name in _DEVICES:
        raise ValueError(f"'{name}' is the name of a device on Windows; choose another")
    return name


_SCRIPTS = {"LATIN", "CYRILLIC", "GREEK"}


def _in_one_script(name: str) -> str:
    """A name, if no word of it mixes letters that look alike and are not the same."""
    for word in re.findall(r"[^\W\d_]+", name):
        scripts = {unicodedata.name(sign, "").split(" ")[0] for sign in word} & _SCRIPTS
        if len(scripts) > 1:
            raise ValueError(f"'{word}' mixes letters of {' and '.join(sorted(scripts))} script")
    return name


Slug = Annotated[str, Field(pattern=SLUG, max_length=60), AfterValidator(can_be_a_file)]
_Name = AfterValidator(_in_one_script)


class UnitKind(StrEnum):
    HOSPITAL = "hospital"
    OPERATING_UNIT = "operating_unit"
    VO = "vo"
    SECTION = "section"
    CLINIC = "clinic"
    POSTOP_UNIT = "postop_unit"


class Unit(ParamsModel):
    """One unit.

    Fields:
        id: What params, notebooks and the data contract call it; it never changes.
        kind: What it is.
        name: Its name, as pages write it.
        short: Its name where there is little room.
        hospital: The id of the hospital that it belongs to.
        vo: The id of its verksamhetsområde.
        section: The VO's section (kir, ort, gyn …), as the data contract writes it.
        valid_from: Its first day, where it has not always been; periods before it have no page.
        valid_to: Its last day, where it is no more; periods after it have no page.
        slug: Its part of an address; it never changes.
        aliases: Per system (of `dim_alias` in params/sources.yml), what it calls the unit beside
            its id, name and short name. Nothing that a page shows.
    """

    id: Slug
    kind: Annotated[UnitKind, Field(strict=False)]
    name: Annotated[str, Field(min_length=1, max_length=120), _Name]
    short: Annotated[str, Field(min_length=1, max_length=40), _Name]
    slug: Slug
    hospital: str | None = None
    vo: str | None = None
    section: Annotated[str | None, Field(examples=["ort"])] = None
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: Annotated[dict[str, list[str]], Field(exclude=True)] = {}


class UnitsFile(ParamsModel):
    """The units that reports are made for: hospitals, operating departments, VO, clinics.

    Fields:
        units: All units; lists and menus have their order.
    """

    units: Annotated[list[Unit], Field(min_length=1)]

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        kinds = {unit.id: unit.kind for unit in self.units}
        if twice := repeated(unit.id for unit in self.units):
            raise ValueError(f"two units have the id '{twice}'")
        if twice := repeated(f"{unit.kind}/{unit.slug}" for unit in self.units):
            raise ValueError(f"two units of one kind have the slug '{twice}'")
        if twice := repeated(f"{unit.kind}/{_as_seen(unit.name)}" for unit in self.units):
            raise ValueError(f"two units of one kind have the name '{twice}', as it is seen")
        for unit in self.units:
            for field, wanted in (("hospital", UnitKind.HOSPITAL), ("vo", UnitKind.VO)):
                named = getattr(unit, field)
                if named is not None and kinds.get(named) is not wanted:
                    raise ValueError(f"{field} '{named}' of unit '{unit.id}' is no {wanted}")
        return self


class Units:
    """All units, looked up by id."""

    def __init__(self, units: list[Unit]) -> None:
        self._by_id = {unit.id: unit for unit in units}
        self._places = {unit.id: place for place, unit in enumerate(units)}

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._by_id.values())

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._by_id

    def get(self, unit_id: str) -> Unit:
        """The unit with an id.

        Raises:
            UsageError: There is none; names the nearest spelling.
        """
        try:
            return self._by_id[unit_id]
        except KeyError:
            raise UsageError(unknown("unit", unit_id, self._by_id)) from None

    def of_kind(self, kind: UnitKind | str) -> list[Unit]:
        """The units of a kind, in the order of the file."""
        return [unit for unit in self if unit.kind == kind]

    def sections_of(self, vo: str) -> list[Unit]:
        """The sections of a verksamhetsområde."""
        return [unit for unit in self if unit.kind is UnitKind.SECTION and unit.vo == vo]

    def clinics_of(self, vo: str) -> list[Unit]:
        """The outpatient clinics of a verksamhetsområde."""
        return [unit for unit in self if unit.kind is UnitKind.CLINIC and unit.vo == vo]

    def operating_units_of(self, hospital: str) -> tuple[str, ...]:
        """The ids of a hospital's operating units; none where it is no hospital."""
        operating = self.of_kind(UnitKind.OPERATING_UNIT)
        return tuple(unit.id for unit in operating if unit.hospital == hospital)

    def place_of(self, unit_id: str) -> int:
        """A unit's place in the order of the file, to sort by; unknown ones come last."""
        return self._places.get(unit_id, len(self._places))


def load_units(path: Path, root: Path) -> Units:
    """The units of `params/units.yml`."""
    return Units(read_model(path, UnitsFile, root).units)


def unknown(what: str, given: str, known: object) -> str:
    """A sentence for a name that does not exist, with the nearest that does."""
    names = sorted(str(name) for name in known)  # type: ignore[attr-defined]
    near = difflib.get_close_matches(given, names, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(names[:40])}"
    return f"no {what} '{shown(given)}'; {hint}"


def _as_seen(name: str) -> str:
    """A name without what a reader hardly sees: upper case, spaces, how its letters are coded."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
