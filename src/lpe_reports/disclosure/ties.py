"""What adds up on one page, verified on the real numbers.

Real numbers stay in memory: they say whether parts are all of a total, nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from lpe_reports.disclosure.exposure import Relation
from lpe_reports.disclosure.groups import SUM, sum_key, traits_of
from lpe_reports.disclosure.kinship import Family, Kinship
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.shared import SharedSets

Tie = tuple[str, ...]  # what a relation was found by, so that it is found again when keys join
# Sums are made from means, which are floating point numbers.
_EQUAL = 1e-6


class Ties:
    """The relations between the groups of a page.

    Args:
        nesting: What is made up of what.
    """

    def __init__(self, nesting: Nesting) -> None:
        self._kinship = Kinship(nesting)
        self._real: dict[str, float] = {}
        self._quantities: SharedSets[str, str] = SharedSets()  # of which a group has the sum
        self._declared: dict[Tie, tuple[str, tuple[str, ...]]] = {}
        self._found: dict[Tie, tuple[Relation, ...]] = {}
        self._ties_of: SharedSets[str, Tie] = SharedSets()
        self._left_over: dict[str, None] = {}  # groups of others that have not joined yet

    def copy(self) -> "Ties":
        """One that can be added to while this stays as it is."""
        other = Ties.__new__(Ties)
        other._kinship = self._kinship.copy()
        other._real = dict(self._real)
        other._quantities = self._quantities.copy()
        other._declared, other._found = dict(self._declared), dict(self._found)
        other._ties_of = self._ties_of.copy()
        other._left_over = {}
        return other

    @property
    def real(self) -> dict[str, float]:
        """The real numbers by key, hidden ones too: never to be shown or stored."""
        return self._real

    def add(
        self,
        cells: Iterable[tuple[str, float]],
        sums: Iterable[tuple[str, str, float]],
        declared: Iterable[tuple[str, tuple[str, ...]]],
        source: int,
    ) -> None:
        """Note the groups of a table.

        Args:
            cells: Key and number of each count.
            sums: Key of each sum, that of its count, and the sum.
            declared: What the table says to add up: a total's key and those of its parts.
            source: The table's number.
        """
        families: dict[Family, None] = {}
        changed: dict[str, None] = {}
        for key, number in cells:
            self._real[key] = number
            changed[key] = None
            families |= dict.fromkeys(self._kinship.add(key, source))
        touched: dict[Tie, None] = {}
        for sum_of, count, number in sums:
            self._real[sum_of] = number
            quantity = traits_of(sum_of)[SUM]
            if quantity not in self._quantities.get(count):
                self._quantities.add(count, quantity)
                touched |= dict.fromkeys(self._ties_of.get(count))
        for place, pair in enumerate(declared):
            tie: Tie = ("table", str(source), str(place))
            self._declared[tie] = pair
            touched[tie] = None
        self._touch(touched, families, changed)
        while touched:
            for tie in list(touched):
                self._find(tie)
            touched.clear()
            left_over, self._left_over = self._left_over, {}
            joined = {f: None for key in left_over for f in self._kinship.add(key, source)}
            self._touch(touched, joined, left_over)

    def _touch(
        self, touched: dict[Tie, None], families: Iterable[Family], keys: Iterable[str]
    ) -> None:
        """Note what is to be found again when keys have joined."""
        for parent, names in families:
            touched[("kin", parent, *names)] = None
            touched[("unseen", parent)] = None
        for key in keys:
            for whole in (key, *self._kinship.wholes_of(key)):
                touched[("made up", whole)] = None

    def around(self, key: str) -> Iterator[Relation]:
        """The relations that a group stands in."""
        for tie in sorted(self._ties_of.get(key)):
            for relation in self._found[tie]:
                if key == relation.total or key in relation.parts:
                    yield relation

    def relations(self) -> Iterator[Relation]:
        """All relations."""
        for tie in sorted(self._found):
            yield from self._found[tie]

    def _find(self, tie: Tie) -> None:
        found = tuple(r for relation in self._relations(tie) for r in self._with_sums(relation))
        for relation in self._found.pop(tie, ()):
            for key in (relation.total, *relation.parts):
                self._ties_of.discard(key, tie)
        if found:
            self._found[tie] = found
            for relation in found:
                for key in (relation.total, *relation.parts):
                    self._ties_of.add(key, tie)

    def _relations(self, tie: Tie) -> Iterator[Relation]:
        match tie:
            case ("table", *_):
                total, parts = self._declared[tie]
                yield from self._verified(total, parts)
            case ("kin", parent, *names):
                if parent in self._real:
                    family = (parent, tuple(names))
                    for children in self._kinship.classes(family):
                        for relation in self._of_family(parent, children):
                            yield self._with_others(family, relation)
            case ("unseen", parent):
                if parent not in self._real:
                    yield from self._of_unseen(parent)
            case ("made up", whole):
                if whole in self._real:
                    for parts in self._kinship.made_up_of(whole):
                        yield from self._of_parts(whole, parts)

    def _of_family(self, parent: str, children: Mapping[str, Set[int]]) -> Iterator[Relation]:
        """All children where they fit into the parent, else those of one table together."""
        if self._sum(children) <= self._real[parent]:
            yield from self._verified(parent, tuple(children))
            return
        for source in sorted({source for sources in children.values() for source in sources}):
            own = tuple(key for key, sources in children.items() if source in sources)
            yield from self._verified(parent, own)

    def _with_others(self, family: Family, relation: Relation) -> Relation:
        """A relation with those who are in none of its parts as a group of their own."""
        others = None if relation.whole else self._kinship.others(family, relation.parts)
        if others is None:
            return relation
        if others not in self._real:
            self._real[others] = self._real[relation.total] - self._sum(relation.parts)
            self._left_over[others] = None
        return Relation(relation.total, (*relation.parts, others), True)

    def _of_unseen(self, parent: str) -> Iterator[Relation]:
        """Two divisions of a group that stands nowhere: where their sums agree it is both."""
        divisions = [
            tuple(children)
            for family in self._kinship.families_of(parent)
            if len(family[1]) == 1
            for children in self._kinship.classes(family)
        ]
        whole = max((self._sum(parts) for parts in divisions), default=0.0)
        agreeing = [parts for parts in divisions if self._sum(parts) == whole]
        if len(agreeing) > 1 and whole > 0:
            for parts in agreeing:
                yield Relation(parent, parts, True, sure=False)

    def _of_parts(self, whole: str, parts: tuple[str, ...]) -> Iterator[Relation]:
        """A period of its months, or a hospital of its units; some may stand nowhere."""
        known = tuple(part for part in parts if part in self._real)
        if len(known) == len(parts):
            yield from self._verified(whole, known)
        elif self._sum(known) <= self._real[whole]:
            yield Relation(whole, parts, True, sure=False, by_definition=True)

    def _verified(self, total: str, parts: Sequence[str]) -> Iterator[Relation]:
        """What the real numbers say of a total and its parts; each by itself if they overlap."""
        known = tuple(part for part in parts if part in self._real and part != total)
        if total not in self._real or not known:
            return
        rest = self._real[total] - self._sum(known)
        if rest >= 0:
            yield Relation(total, known, rest == 0)
        elif len(known) > 1:
            for part in known:
                yield from self._verified(total, (part,))

    def _with_sums(self, relation: Relation) -> Iterator[Relation]:
        """A relation of counts, and what it says of the sums over the same people."""
        yield relation
        keys = (relation.total, *relation.parts)
        for quantity in sorted({q for key in keys for q in self._quantities.get(key)}):
            total, *parts = (sum_key(key, quantity) for key in keys)
            reals = [self._real_sum(key, of) for key, of in zip([total, *parts], keys, strict=True)]
            whole, sure = relation.whole, relation.sure
            if None not in reals:
                first, *others = (real for real in reals if real is not None)
                rest, near = first - sum(others), _EQUAL * max(1.0, abs(first))
                if rest < -near:
                    continue
                whole = whole and rest <= near
            else:
                sure = False
            yield Relation(total, tuple(parts), whole, sure, relation.by_definition)

    def _real_sum(self, key: str, of: str) -> float | None:
        return 0.0 if self._real.get(of) == 0 else self._real.get(key)

    def _sum(self, keys: Iterable[str]) -> float:
        return sum(self._real[key] for key in keys)
