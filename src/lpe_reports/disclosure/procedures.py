"""Groups that differ in the procedure alone: a code's lies within its group's."""

from collections.abc import Iterable, Iterator

from lpe_reports.disclosure.exposure import Relation
from lpe_reports.disclosure.groups import PROCEDURE, is_sum, traits_of, with_traits, without
from lpe_reports.disclosure.nesting import Nesting


class ByProcedure:
    """An index of counts' keys by what they have beside their procedure.

    Args:
        keys: The keys of the groups that are known, also of other things.
        nesting: Which procedures lie within which.
    """

    def __init__(self, keys: Iterable[str], nesting: Nesting) -> None:
        self._nesting = nesting
        self._procedures: dict[str, list[str]] = {}
        self._within: dict[tuple[str, ...], list[tuple[tuple[str, ...], bool]]] = {}
        self._apart: dict[tuple[str, str], bool] = {}
        for key in sorted(keys):
            if PROCEDURE in traits_of(key) and not is_sum(key):
                beside = without(key, (PROCEDURE,))
                self._procedures.setdefault(beside, []).append(traits_of(key)[PROCEDURE])

    def within(self, key: str) -> Iterator[tuple[tuple[str, ...], bool]]:
        """The known groups whose procedure lies within that of a known one, all else the same.

        Returns:
            Such as have nobody in common together, and whether they are all of the group by what
            their codes are.
        """
        value = traits_of(key).get(PROCEDURE)
        if value is not None:
            others = tuple(self._procedures.get(without(key, (PROCEDURE,)), ()))
            for names, whole in self._names_within(value, others):
                yield of_procedures(key, names), whole

    def apart(self, children: Iterable[str]) -> list[tuple[str, ...]]:
        """Groups that have a procedure, those together that have no code in common or the same."""
        classes: list[dict[str, str]] = []  # each child's procedure by its key
        for key in children:
            value = traits_of(key)[PROCEDURE]
            for procedures in classes:
                others = {other for other in procedures.values() if other != value}
                if all(self._are_apart(value, other) for other in others):
                    procedures[key] = value
                    break
            else:
                classes.append({key: value})
        return [tuple(procedures) for procedures in classes]

    def _names_within(
        self, value: str, others: tuple[str, ...]
    ) -> list[tuple[tuple[str, ...], bool]]:
        if (value, *others) not in self._within:
            self._within[value, *others] = [
                (names, self._nesting.has_all_codes(value, names))
                for names in self._nesting.codes_within(value, others)
            ]
        return self._within[value, *others]

    def _are_apart(self, value: str, other: str) -> bool:
        if (value, other) not in self._apart:
            self._apart[value, other] = self._nesting.are_apart(value, other)
        return self._apart[value, other]


def is_of_procedures(relation: Relation) -> bool:
    """Whether a relation says of procedures that they lie within another."""
    procedure = traits_of(relation.total).get(PROCEDURE)
    return procedure is not None and any(
        traits_of(part).get(PROCEDURE) != procedure for part in relation.parts
    )


def of_procedures(key: str, names: Iterable[str]) -> tuple[str, ...]:
    """The keys of the groups that have other procedures than one, all else the same."""
    return with_traits(key, PROCEDURE, names)
