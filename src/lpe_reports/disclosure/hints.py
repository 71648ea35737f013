"""What the keys of groups alone suggest to add up, whatever their numbers are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from lpe_reports.disclosure.groups import PROCEDURE, SUM, is_sum, traits_of, without
from lpe_reports.disclosure.kinship import Family, Kinship
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.procedures import ByProcedure

Kind = Literal["family", "made up", "procedures"]


class Hint(NamedTuple):
    """A group and others that could be parts of it, who have nobody in common.

    Args:
        kind: Whether they have traits more, are the months or units of it, or have procedures
            within its own.
        total: The group's key.
        parts: The others' keys.
        names: The traits that they have more; of procedures those.
        every: Whether they are all of it by what is seen of keys.
    """

    kind: Kind
    total: str
    parts: tuple[str, ...]
    names: tuple[str, ...]
    every: bool


class Hints:
    """All hints that some keys give, and how their groups hang together.

    Args:
        keys: The keys of the groups that are known, and of sums over them.
        nesting: What is made up of what.
    """

    def __init__(self, keys: Iterable[str], nesting: Nesting) -> None:
        self.kinship = Kinship(nesting)
        self.quantities: dict[str, set[str]] = {}  # of which a group has the sum
        self._by_procedure = ByProcedure(keys, nesting)
        self._counts: set[str] = set()
        families: set[Family] = set()
        for key in sorted(keys):
            if is_sum(key):
                count = without(key, (SUM,))
                self.quantities.setdefault(count, set()).add(traits_of(key)[SUM])
            else:
                self._counts.add(key)
                families.update(self.kinship.add(key))
        self._classes = {family: self._classes_of(family) for family in sorted(families)}
        self._made_up: dict[tuple[str, str], bool] = {}

    def __iter__(self) -> Iterator[Hint]:
        made_up = [
            Hint("made up", key, parts, (), every=True)
            for key in sorted(self._counts)
            for parts in self.kinship.made_up_of(key)
        ]
        # Groups that stand nowhere, by which others hang together.
        links = {part for hint in made_up for part in hint.parts}
        seen: dict[tuple[str, tuple[str, ...]], set[tuple[str, ...]]] = {}
        for (parent, names), classes in self._classes.items():
            values = seen.setdefault((parent.partition("|")[0], names), set())
            values.update(*(self.kinship.values(children, names) for children in classes))
        levels = {place: self._by_level(place[1], values) for place, values in seen.items()}
        for (parent, names), classes in self._classes.items():
            if parent in self._counts or parent in links:
                level = levels[parent.partition("|")[0], names]
                for children in classes:
                    every = self._is_every(children, names, level)
                    yield Hint("family", parent, children, names, every)
        yield from made_up
        for key in sorted(self._counts):
            for parts, every in self._by_procedure.within(key):
                names = tuple(traits_of(part)[PROCEDURE] for part in parts)
                yield Hint("procedures", key, parts, names, every)

    def _classes_of(self, family: Family) -> list[tuple[str, ...]]:
        """The children of a family, those together that have nobody in common."""
        classes = [tuple(children) for children in self.kinship.classes(family)]
        if PROCEDURE not in family[1]:
            return classes
        return [apart for children in classes for apart in self._by_procedure.apart(children)]

    def _is_every(
        self,
        children: tuple[str, ...],
        names: tuple[str, ...],
        levels: Mapping[bool | None, set[tuple[str, ...]]],
    ) -> bool:
        """Whether children have all values of their traits that are seen in a population.

        Of one trait those of the kind that theirs are: hospitals among hospitals.
        """
        if len(children) < 2:
            return False
        values = self.kinship.values(children, names)
        if len(names) > 1:
            return values >= levels[None]
        kinds = {self._is_made_up(names[0], value) for (value,) in values}
        if self._leaves(names[0], values) < self._leaves(names[0], levels[None]):
            return False  # a hospital that he sees has units that are not among them
        return len(kinds) > 1 or values >= levels[kinds.pop()]

    def _leaves(self, name: str, values: Iterable[tuple[str, ...]]) -> set[str]:
        """What some values of a trait are made up of, or they themselves."""
        return {leaf for (value,) in values for leaf in self.kinship.leaves(name, value)}

    def _by_level(
        self, names: tuple[str, ...], values: set[tuple[str, ...]]
    ) -> dict[bool | None, set[tuple[str, ...]]]:
        """Values, all of them and by whether they are made up of others."""
        levels: dict[bool | None, set[tuple[str, ...]]] = {None: values, True: set(), False: set()}
        if len(names) == 1:
            for value in values:
                levels[self._is_made_up(names[0], value[0])].add(value)
        return levels

    def _is_made_up(self, name: str, value: str) -> bool:
        if (name, value) not in self._made_up:
            self._made_up[name, value] = self.kinship.is_made_up(name, value)
        return self._made_up[name, value]
