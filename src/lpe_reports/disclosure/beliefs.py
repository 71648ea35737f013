"""What an outsider believes to add up, beside what was verified: he has no real numbers."""

from collections.abc import Iterable, Iterator

from lpe_reports.disclosure.exposure import Exposure, Relation
from lpe_reports.disclosure.groups import (
    PROCEDURE,
    SUM,
    TIME,
    is_sum,
    sum_key,
    traits_of,
    without,
)
from lpe_reports.disclosure.kinship import Family, Kinship
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.procedures import ByProcedure, of_procedures


def believed(exposure: Exposure, nesting: Nesting, threshold: int) -> list[Relation]:
    """The relations that keys suggest, where something is hidden and nothing shown speaks against.

    Children along a trait make up their parent when all values of the trait that are seen
    anywhere in that population are among them; months make up their quarter, units their
    hospital. Procedures that lie within another are parts of it, of which all that is told of is
    what is hidden and what leaves less than the threshold over. Where the numbers of a wider group
    leave nobody over beside its children or procedures, nobody is left over in narrower ones.
    """
    return list(_Believer(exposure, nesting, threshold).relations())


class _Believer:
    def __init__(self, exposure: Exposure, nesting: Nesting, threshold: int) -> None:
        self._exposure, self._threshold = exposure, threshold
        self._by_procedure = ByProcedure(exposure.cells, nesting)
        self._all: dict[tuple[str, tuple[str, ...]], bool] = {}
        self._none_over: dict[tuple[str, ...], bool] = {}
        self._kinship = Kinship(nesting)
        self._families: set[Family] = set()
        self._values: dict[tuple[str, tuple[str, ...]], set[tuple[str, ...]]] = {}
        self._quantities: dict[str, set[str]] = {}
        for key in sorted(exposure.cells):
            if is_sum(key):
                count = without(key, (SUM,))
                self._quantities.setdefault(count, set()).add(traits_of(key)[SUM])
            self._families.update(self._kinship.add(key))
        for parent, names in self._families:
            for children in self._classes((parent, names)):
                seen = self._values.setdefault((parent.split("|")[0], names), set())
                seen |= self._kinship.values(children, names)
        self._sure: dict[str, list[tuple[set[str], bool]]] = {}
        for relation in exposure.relations:
            known = self._sure.setdefault(relation.total, [])
            known.append((set(relation.parts), relation.whole))

    def relations(self) -> Iterator[Relation]:
        cells = self._exposure.cells
        for family in sorted(self._families):
            parent, names = family
            if parent not in cells:
                continue
            for children in self._classes(family):
                seen = self._values[parent.split("|")[0], names]
                level = {
                    v for v in seen if len(names) > 1 or self._same_level(names[0], v[0], children)
                }
                every = self._kinship.values(children, names) >= level and len(children) > 1
                every = every or self._leaves_nobody(parent, children, names)
                yield from self._of(parent, children, whole=every)
        for key in sorted(cells):
            if not is_sum(key):
                parts, every = self._kinship.made_up_of(key)
                if parts:
                    yield from self._of(key, parts, whole=every)
                yield from self._of_procedures(key)

    def _classes(self, family: Family) -> list[tuple[str, ...]]:
        """The children of a family, those together that have nobody in common."""
        classes = [tuple(children) for children in self._kinship.classes(family)]
        if PROCEDURE not in family[1]:
            return classes
        return [apart for children in classes for apart in self._by_procedure.apart(children)]

    def _of_procedures(self, key: str) -> Iterator[Relation]:
        for parts, every in self._by_procedure.within(key):
            if self._tells(key, parts):
                names = tuple(traits_of(part)[PROCEDURE] for part in parts)
                yield from self._of(key, parts, whole=every or self._is_all(key, names))

    def _tells(self, total: str, parts: Iterable[str]) -> bool:
        """Whether something is hidden, or so few are left over that they are to be hidden."""
        cells = self._exposure.cells
        if any(cells[key] is None for key in (total, *parts)):
            return True
        left = (cells[total] or 0) - sum(cells[part] or 0 for part in parts)
        return 0 < left < self._threshold

    def _is_all(self, key: str, names: tuple[str, ...]) -> bool:
        """Whether nobody of a group had another procedure than some within its own.

        It is seen by their numbers, of the group or of a wider one: where nobody is left over,
        nobody is in what is narrower.
        """
        if (key, names) not in self._all:
            cells = self._exposure.cells
            numbers = [cells.get(part) for part in of_procedures(key, names)]
            known = [number for number in numbers if number is not None]
            self._all[key, names] = (
                len(known) == len(numbers) and cells.get(key) == sum(known)
            ) or any(self._is_all(wider, names) for wider in self._wider(key))
        return self._all[key, names]

    def _wider(self, key: str) -> Iterator[str]:
        yield from (without(key, (name,)) for name in traits_of(key) if name != PROCEDURE)
        wholes = self._kinship.wholes_of(key)
        yield from (whole for whole in wholes if key in self._kinship.parts(whole))

    def _leaves_nobody(
        self, parent: str, children: tuple[str, ...], names: tuple[str, ...]
    ) -> bool:
        """Whether the numbers of a group, or of a wider one, leave nobody beside its children.

        Two verksamhetsområden that make up all who wait at a unit make up those of them who wait
        within the guarantee, too, however many others there are elsewhere.
        """
        if (parent, *children) not in self._none_over:
            cells = self._exposure.cells
            known = [n for child in children if (n := cells.get(child)) is not None]
            self._none_over[parent, *children] = (
                len(known) == len(children) and cells.get(parent) == sum(known)
            ) or any(
                self._leaves_nobody(
                    without(parent, (name,)), tuple(without(c, (name,)) for c in children), names
                )
                for name in traits_of(parent)
                if name not in (TIME, *names)
            )
        return self._none_over[parent, *children]

    def _same_level(self, name: str, value: str, children: Iterable[str]) -> bool:
        """Whether a value is of the kind that the children's are: a hospital among hospitals."""
        made_up = self._kinship.is_made_up(name, value)
        return all(self._kinship.is_made_up(name, traits_of(c)[name]) == made_up for c in children)

    def _of(self, total: str, parts: tuple[str, ...], *, whole: bool) -> Iterator[Relation]:
        known = self._sure.get(total, [])
        if any(set(parts) <= others for others, _ in known):
            return
        if not self._concerns_hidden(total, parts):
            return
        if not self._can_hold(total, parts):
            parts_alone = [(part,) for part in parts] if len(parts) > 1 else []
            for alone in parts_alone:
                yield from self._of(total, alone, whole=False)
            return
        relation = Relation(total, parts, whole and self._can_be_whole(total, parts), sure=False)
        yield relation
        quantities = {q for key in (total, *parts) for q in self._quantities.get(key, ())}
        for quantity in sorted(quantities):
            sums = tuple(sum_key(part, quantity) for part in parts)
            yield Relation(sum_key(total, quantity), sums, relation.whole, sure=False)

    def _concerns_hidden(self, total: str, parts: Iterable[str]) -> bool:
        cells = self._exposure.cells
        if any(cells.get(key) is None for key in (total, *parts)):
            return True
        shown = sum(cells[part] or 0 for part in parts)
        return (cells[total] or 0) > shown

    def _shown(self, parts: Iterable[str]) -> tuple[float, int]:
        """What the shown parts sum up to, and what the hidden ones do at least."""
        cells, withheld = self._exposure.cells, self._exposure.withheld
        shown = sum(cells.get(part) or 0 for part in parts)
        hidden = (p for p in parts if p in cells and cells[p] is None and p not in withheld)
        return shown, sum(1 for _ in hidden)

    def _can_hold(self, total: str, parts: tuple[str, ...]) -> bool:
        value = self._exposure.cells[total]
        shown, least = self._shown(parts)
        return value is None or shown + least <= value

    def _can_be_whole(self, total: str, parts: tuple[str, ...]) -> bool:
        value = self._exposure.cells[total]
        shown, least = self._shown(parts)
        if value is None or any(self._exposure.cells.get(part) is None for part in parts):
            return value is None or shown + least <= value
        return shown == value
