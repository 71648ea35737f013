"""Sets of procedure codes by what they begin with: which lie within which, which lie apart.

A set is named as the trait `procedure` is: a group, a selection or a code by its id, or what is
left of one when others are taken away ("any-not-hip-not-knee").
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# All codes, as a name; and between a set and what is taken away from it.
ANY = "any"
BUT = "-not-"


@dataclass(frozen=True)
class Codes:
    """All codes that begin with some prefixes and with none of some others.

    Args:
        prefixes: What they begin with; "" is all.
        but: What they do not begin with.
    """

    prefixes: tuple[str, ...]
    but: tuple[str, ...] = ()

    @classmethod
    def named(cls, name: str, known: Mapping[str, Sequence[str]]) -> "Codes | None":
        """The codes that a name means, by the prefixes of those that are known; None if unknown."""
        first, *others = name.split(BUT)
        if not (first in known or first == ANY) or not known.keys() >= set(others):
            return None
        but = tuple(prefix for other in others for prefix in known[other])
        begins = known.get(first, ("",))
        return cls(tuple(prefix for prefix in begins if not prefix.startswith(but)), but)

    @classmethod
    def of_all(cls, sets: Iterable["Codes"]) -> "Codes":
        """The codes of several sets that nothing is taken away from, of the others none."""
        return cls(tuple(p for each in sets if not each.but for p in each.prefixes))

    def is_within(self, other: "Codes") -> bool:
        """Whether all of these are certainly among others."""
        return all(p.startswith(other.prefixes) for p in self.prefixes) and all(
            but.startswith(self.but) or not any(_overlap(but, p) for p in self.prefixes)
            for but in other.but
        )

    def is_apart(self, other: "Codes") -> bool:
        """Whether these and others have none in common."""
        return all(
            not _overlap(mine, theirs)
            or max(mine, theirs, key=len).startswith(self.but + other.but)
            for mine in self.prefixes
            for theirs in other.prefixes
        )


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
