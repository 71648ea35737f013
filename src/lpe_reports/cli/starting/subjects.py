"""What a new report has a page for each of: units of a kind, some units, or procedures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lpe_reports.errors import UsageError
from lpe_reports.params.procedures import Procedures
from lpe_reports.params.units import UnitKind, Units, unknown

SubjectKind = Literal[
    "hospital", "operating_unit", "vo", "section", "clinic", "postop_unit", "procedure"
]
KINDS: dict[SubjectKind, str] = {
    "hospital": "a hospital",
    "operating_unit": "an operating department",
    "vo": "a verksamhetsområde",
    "section": "a section of a verksamhetsområde",
    "clinic": "an outpatient clinic",
    "postop_unit": "a postoperative unit",
    "procedure": "a procedure, named by its code or group",
}
# Whose past a page tells of, in its Swedish prose.
WHOSE: dict[SubjectKind, str] = {
    "hospital": "sjukhusets operationsenheters",
    "operating_unit": "operationsenhetens",
    "vo": "verksamhetsområdets",
    "section": "sektionens",
    "clinic": "mottagningens",
    "postop_unit": "postopenhetens",
    "procedure": "åtgärdens",
}


@dataclass(frozen=True)
class Subjects:
    """Whom a report is about.

    Fields:
        kind: What they are.
        ids: Which; the first is what the notebook shows to its author.
        whole: Whether they are all units of the kind, also those that come later.
    """

    kind: SubjectKind
    ids: tuple[str, ...]
    whole: bool = False


def find_subjects(given: Sequence[str], units: Units, procedures: Procedures) -> Subjects:
    """The subjects that words mean: a kind of unit, or ids of units or of procedures.

    Args:
        given: The words, with or without commas between them.
        units: The office's units.
        procedures: Its procedures and groups.

    Raises:
        UsageError: They mean none, or several kinds.
    """
    words = [word.strip() for text in given for word in text.split(",") if word.strip()]
    words = list(dict.fromkeys(words))
    if not words:
        raise UsageError(f"name a kind ({', '.join(KINDS)}), or ids with commas between them")
    if len(words) == 1 and words[0] in KINDS:
        return _all_of(words[0], units)
    kinds = {word: _kind_of(word, units, procedures) for word in words}
    first = kinds[words[0]]
    for word, kind in kinds.items():
        if kind != first:
            raise UsageError(
                f"'{words[0]}' is {KINDS[first].partition(',')[0]}, and '{word}' "
                f"{KINDS[kind].partition(',')[0]}; a report is about one kind"
            )
    return Subjects(first, tuple(words))


def _all_of(kind: str, units: Units) -> Subjects:
    if kind == "procedure":
        raise UsageError("name the procedures or groups themselves: knee,hip,NGB49")
    found = tuple(unit.id for unit in units.of_kind(kind))
    if not found:
        raise UsageError(f"params/units.yml has no unit of kind {kind}; choose another kind")
    return Subjects(next(name for name in KINDS if name == kind), found, whole=True)


def _kind_of(word: str, units: Units, procedures: Procedures) -> SubjectKind:
    if word in units:
        kind: UnitKind = units.get(word).kind
        return next(name for name in KINDS if name == kind)
    if word in procedures:
        return "procedure"
    known = [*KINDS, *(unit.id for unit in units), *procedures]
    raise UsageError(unknown("kind, unit or procedure", word, known))
