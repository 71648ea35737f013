"""What an outsider believes to add up, beside what was verified: he has no real numbers."""

from collections.abc import Iterable, Iterator

from lpe_reports.disclosure.exposure import Exposure, Relation
from lpe_reports.disclosure.groups import PROCEDURE, TIME, sum_key, traits_of, without
from lpe_reports.disclosure.hints import Hint, Hints
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.procedures import of_procedures


def believed(exposure: Exposure, nesting: Nesting, threshold: int) -> list[Relation]:
    """The relations that keys suggest, where something is hidden and nothing shown speaks against.

    See `Beliefs`.
    """
    return list(Beliefs(exposure, nesting, threshold).relations())


class Beliefs:
    """What keys and numbers suggest to add up, where something is hidden.

    Children along a trait make up their parent when all values of the trait that are seen
    anywhere in that population are among them; months make up their quarter, units their
    hospital. Procedures that lie within another are parts of it, of which all that is told of is
    what is hidden and what leaves less than the threshold over. Where the numbers of a wider group
    leave nobody over beside its children or procedures, nobody is left over in narrower ones.

    Args:
        exposure: What is shown; of its cells more may be hidden later, see `hide`.
        nesting: What is made up of what.
        threshold: Counts from 1 to one less than this are small.
    """

    def __init__(self, exposure: Exposure, nesting: Nesting, threshold: int) -> None:
        self._exposure, self._threshold = exposure, threshold
        self._all: dict[tuple[str, tuple[str, ...]], bool] = {}
        self._none_over: dict[tuple[str, ...], bool] = {}
        self._sure: dict[str, list[frozenset[str]]] = {}
        for relation in exposure.relations:
            self._sure.setdefault(relation.total, []).append(frozenset(relation.parts))
        hints = Hints(exposure.cells, nesting)
        self._kinship, self._quantities = hints.kinship, hints.quantities
        self._hints = [hint for hint in hints if not self._is_sure(hint.total, hint.parts)]
        self._found: list[tuple[Relation, ...]] = [()] * len(self._hints)
        self._waiting = set(range(len(self._hints)))
        self._by_numbers: set[int] = set()
        self._around: dict[str, list[int]] = {}
        for number, hint in enumerate(self._hints):
            for key in (hint.total, *hint.parts):
                self._around.setdefault(key, []).append(number)

    def relations(self) -> Iterator[Relation]:
        """All that is believed now."""
        for number in self._waiting:
            self._found[number] = tuple(self._of_hint(number, self._hints[number]))
        self._waiting = set()
        for found in self._found:
            yield from found

    def hide(self, keys: Iterable[str]) -> None:
        """Note that cells of the exposure are hidden now, too.

        Hiding never makes anybody surer that nobody is left over, so that only those are asked
        again who were sure of it.
        """
        for key in keys:
            self._waiting.update(self._around.get(key, ()))
        self._waiting |= self._by_numbers
        self._all = {asked: found for asked, found in self._all.items() if not found}
        self._none_over = {asked: found for asked, found in self._none_over.items() if not found}

    def _of_hint(self, number: int, hint: Hint) -> Iterator[Relation]:
        self._by_numbers.discard(number)
        if not self._concerns_hidden(hint.total, hint.parts):
            return
        if hint.kind == "procedures" and not self._tells(hint.total, hint.parts):
            return
        every = hint.every
        if not every and hint.kind == "family":
            every = self._leaves_nobody(hint.total, hint.parts, hint.names)
        elif not every and hint.kind == "procedures":
            every = self._is_all(hint.total, hint.names)
        if every and not hint.every:
            self._by_numbers.add(number)
        named = hint.kind == "made up"
        yield from self._of(hint.total, hint.parts, whole=every, by_definition=named)

    def _is_sure(self, total: str, parts: tuple[str, ...]) -> bool:
        """Whether a relation that was verified says as much."""
        return any(others.issuperset(parts) for others in self._sure.get(total, ()))

    def _tells(self, total: str, parts: Iterable[str]) -> bool:
        """Whether something is hidden, or so few are left over that they are to be hidden."""
        cells = self._exposure.cells
        if any(cells.get(key) is None for key in (total, *parts)):
            return True
        left = (cells.get(total) or 0) - sum(cells[part] or 0 for part in parts)
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
        yield from (w for w in wholes if any(key in p for p in self._kinship.divisions(w)))

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

    def _of(
        self, total: str, parts: tuple[str, ...], *, whole: bool, by_definition: bool
    ) -> Iterator[Relation]:
        if not self._can_hold(total, parts):
            for part in parts if len(parts) > 1 else ():
                alone = (part,)
                if not self._is_sure(total, alone) and self._concerns_hidden(total, alone):
                    yield from self._of(total, alone, whole=False, by_definition=by_definition)
            return
        every = whole and self._can_be_whole(total, parts)
        relation = Relation(total, parts, every, sure=False, by_definition=by_definition)
        yield relation
        quantities = {q for key in (total, *parts) for q in self._quantities.get(key, ())}
        for quantity in sorted(quantities):
            sums = tuple(sum_key(part, quantity) for part in parts)
            yield relation._replace(total=sum_key(total, quantity), parts=sums)

    def _concerns_hidden(self, total: str, parts: Iterable[str]) -> bool:
        cells = self._exposure.cells
        if any(cells.get(key) is None for key in (total, *parts)):
            return True
        shown = sum(cells[part] or 0 for part in parts)
        return (cells.get(total) or 0) > shown

    def _shown(self, parts: Iterable[str]) -> tuple[float, int]:
        """What the shown parts sum up to, and what the hidden ones do at least."""
        cells, withheld = self._exposure.cells, self._exposure.withheld
        shown = sum(cells.get(part) or 0 for part in parts)
        hidden = (p for p in parts if p in cells and cells[p] is None and p not in withheld)
        return shown, sum(1 for _ in hidden)

    def _can_hold(self, total: str, parts: tuple[str, ...]) -> bool:
        value = self._exposure.cells.get(total)
        shown, least = self._shown(parts)
        return value is None or shown + least <= value

    def _can_be_whole(self, total: str, parts: tuple[str, ...]) -> bool:
        """Whether parts that can lie within a total can be all of it."""
        cells = self._exposure.cells
        shown = [cells.get(key) for key in (total, *parts)]
        return None in shown or self._shown(parts)[0] == cells[total]
