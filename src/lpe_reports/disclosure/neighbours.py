"""Which relations hang together with some groups: what can change of what is told when they do."""

from collections.abc import Callable, Iterable, Mapping

from lpe_reports.disclosure.exposure import Mean, Relation

IsUnknown = Callable[[str], bool]


class Neighbours:
    """The relations between groups, and which sums are known by a mean over which count.

    Args:
        relations: What adds up to what.
        means: The means that are, or could be, shown.
    """

    def __init__(self, relations: Iterable[Relation], means: Mapping[str, Mean]) -> None:
        self._relations: dict[str, list[Relation]] = {}
        for relation in relations:
            for key in (relation.total, *relation.parts):
                self._relations.setdefault(key, []).append(relation)
        # Who knows one of a sum and a count knows the other.
        self._linked: dict[str, list[str]] = {}
        for key, mean in means.items():
            self._linked.setdefault(key, []).append(mean.over)
            self._linked.setdefault(mean.over, []).append(key)

    def around(self, key: str) -> list[Relation]:
        """The relations that a group stands in, and those that link it with a sum or a count."""
        links = (Relation(key, (other,), True) for other in self._linked.get(key, ()))
        return [*self._relations.get(key, ()), *links]

    def hanging_with(self, keys: Iterable[str], is_unknown: IsUnknown) -> list[Relation]:
        """The relations of some groups, and all that hang with those by what is unknown."""
        return self._reached(keys, is_unknown, None)

    def close_to(self, keys: Iterable[str], is_unknown: IsUnknown, most: int) -> list[Relation]:
        """The nearest of those, so many that there are no less than a number."""
        return self._reached(keys, is_unknown, most)

    def _reached(
        self, keys: Iterable[str], is_unknown: IsUnknown, most: int | None
    ) -> list[Relation]:
        found: dict[Relation, None] = {}
        seeds = list(keys)
        # What is known of a count changes what is known of its sums, and the other way round.
        seen = dict.fromkeys([*seeds, *(k for key in seeds for k in self._linked.get(key, ()))])
        level = list(seen)
        while level and (most is None or len(found) < most):
            fresh = [r for key in level for r in self._relations.get(key, ()) if r not in found]
            found |= dict.fromkeys(fresh)
            beside = [key for r in fresh for key in (r.total, *r.parts)]
            beside += [other for key in level for other in self._linked.get(key, ())]
            level = [k for k in dict.fromkeys(beside) if k not in seen and is_unknown(k)]
            seen |= dict.fromkeys(level)
        return list(found)
