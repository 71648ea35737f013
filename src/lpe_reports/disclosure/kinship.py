"""Which groups could add up to which, by their keys alone.

The children of a group along a trait are the groups that have one trait more; a hospital has its
operating units, a quarter its months. Whether children make up their parent is for others to
say: `Ledger` verifies it on the real numbers, `attack` believes what an outsider would.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations

from lpe_reports.disclosure.groups import (
    SUM,
    TIME,
    UNIT,
    is_sum,
    traits_of,
    with_new_trait,
    with_traits,
    without,
)
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.shared import SharedSets

# Groups of tables that do not say whom they are about are akin to none.
OWN = "~"
# Those of a group who have none of some values: "unit=~ga-cop+hu-cop".
OTHERS = "~"

Family = tuple[str, tuple[str, ...]]  # a parent's key, and the traits that its children have more


class Kinship:
    """An index of keys by what they could be parts of."""

    def __init__(self, nesting: Nesting) -> None:
        self._nesting = nesting
        self._children: SharedSets[Family, str] = SharedSets()
        self._sources: SharedSets[str, int] = SharedSets()
        self._families_of: SharedSets[str, tuple[str, ...]] = SharedSets()
        self._wholes_of: dict[str, tuple[str, ...]] = {}
        self._keys: set[str] = set()

    def copy(self) -> "Kinship":
        """One that can be added to while this stays as it is."""
        other = Kinship(self._nesting)
        other._children = self._children.copy()
        other._sources = self._sources.copy()
        other._families_of = self._families_of.copy()
        other._wholes_of = dict(self._wholes_of)
        other._keys = set(self._keys)
        return other

    def add(self, key: str, source: int = 0) -> Iterator[Family]:
        """Note a count's key and where it stands; gives the families that it changes.

        Args:
            key: The key.
            source: A number of the table; groups of one table that differ in the same traits
                have nobody in common.
        """
        if key.startswith(OWN) or is_sum(key):
            return
        new = key not in self._keys
        if not new and source in self._sources.get(key):
            return
        self._keys.add(key)
        self._sources.add(key, source)
        for family in _families(key):
            if new:
                self._children.add(family, key)
                self._families_of.add(family[0], family[1])
            yield family
        if new:
            for part in {part for parts in self.divisions(key) for part in parts}:
                self._wholes_of[part] = (*self._wholes_of.get(part, ()), key)
            for dropped in sorted(self._families_of.get(key)):
                yield (key, dropped)

    def divisions(self, key: str) -> list[tuple[str, ...]]:
        """What a group is made up of: by its unit, by its time, and by both where it has both."""
        traits = traits_of(key)
        found = [
            with_traits(key, name, parts)
            for name in (UNIT, TIME)
            if name in traits and (parts := self._nesting.parts(name, traits[name]))
        ]
        if len(found) > 1:
            times = self._nesting.parts(TIME, traits[TIME])
            found.append(
                tuple(leaf for part in found[0] for leaf in with_traits(part, TIME, times))
            )
        return found

    def made_up_of(self, key: str) -> Iterator[tuple[str, ...]]:
        """The parts that tell of a known group and are all of it, for each way to divide it.

        A period is the sum of its months, and a hospital of its units, even where some stand
        nowhere: then they link it with other groups that have them.
        """
        for parts in self.divisions(key):
            if any(part in self._keys or len(self._wholes_of[part]) > 1 for part in parts):
                yield parts

    def wholes_of(self, key: str) -> Sequence[str]:
        """The known groups that are made up of this and others, or share a part with it."""
        parts = (part for parts in self.divisions(key) for part in parts)
        shared = [whole for part in parts for whole in self._wholes_of.get(part, ())]
        return list(dict.fromkeys([*self._wholes_of.get(key, ()), *shared]))

    def families_of(self, parent: str) -> list[Family]:
        """The families of a parent along one trait each."""
        return [(parent, names) for names in sorted(self._families_of.get(parent))]

    def classes(self, family: Family) -> list[dict[str, Set[int]]]:
        """The children of a family by what keeps them apart: hospitals are not beside units.

        A group that has a known group between itself and the parent is left out, since it counts
        in that one already.
        """
        names = family[1]
        levels: dict[bool, dict[str, Set[int]]] = {}
        for key in sorted(self._children.get(family)):
            if len(names) > 1 and self._between(key, names):
                continue
            made_up = UNIT in names and self.is_made_up(UNIT, traits_of(key)[UNIT])
            levels.setdefault(made_up, {})[key] = self._sources.get(key)
        mixed = self._mixed(names, levels.get(False, {}), levels.get(True, {}))
        return [*(levels[level] for level in sorted(levels)), *mixed]

    def _mixed(
        self, names: tuple[str, ...], units: Mapping[str, Set[int]], wholes: Mapping[str, Set[int]]
    ) -> list[dict[str, Set[int]]]:
        """Hospitals, and the units of those that are not among them; nothing where all are."""
        if names != (UNIT,) or not wholes:
            return []
        named = [traits_of(key)[UNIT] for key in wholes]
        within = {unit for name in named for unit in self._nesting.parts(UNIT, name)}
        beside = {key: of for key, of in units.items() if traits_of(key)[UNIT] not in within}
        return [{**wholes, **beside}] if beside else []

    def others(self, family: Family, children: Iterable[str]) -> str | None:
        """The key of those of a parent who are in none of some children along one trait.

        They stand nowhere, yet are people: of a total that leaves some over, so do its parts, and
        what is left over of those is a part of what is left over of it. None where the parent is
        itself left over of something.
        """
        parent, names = family
        if len(names) > 1 or any(v.startswith(OTHERS) for v in traits_of(parent).values()):
            return None
        values = sorted(traits_of(key)[names[0]] for key in children)
        return with_new_trait(parent, names[0], f"{OTHERS}{'+'.join(values)}")

    def is_made_up(self, name: str, value: str) -> bool:
        """Whether a trait's value is made up of others, as a hospital of its units."""
        return bool(self._nesting.parts(name, value))

    def leaves(self, name: str, value: str) -> tuple[str, ...]:
        """The values that one of a trait is made up of, or itself."""
        return self._nesting.parts(name, value) or (value,)

    def values(self, keys: Iterable[str], names: Sequence[str]) -> set[tuple[str, ...]]:
        """The values that keys have of some traits."""
        return {tuple(traits_of(key)[name] for name in names) for key in keys}

    def _between(self, key: str, names: Sequence[str]) -> bool:
        return any(without(key, (name,)) in self._keys for name in names)


def _families(key: str) -> Iterator[Family]:
    """The families that a key is a child of: its parents have one or two traits less."""
    # By hand, since a site has hundreds of thousands of keys, each with ten families or more.
    pieces = key.split("|")
    named = [(place, trait.partition("=")) for place, trait in enumerate(pieces) if place]
    dropped = [
        (place, name)
        for place, (name, _, value) in named
        if name not in (TIME, SUM) and not value.startswith(OTHERS)
    ]
    for place, name in dropped:
        yield "|".join((*pieces[:place], *pieces[place + 1 :])), (name,)
    for (one, name), (other, last) in combinations(dropped, 2):
        left = (*pieces[:one], *pieces[one + 1 : other], *pieces[other + 1 :])
        yield "|".join(left), (name, last)
