"""Groups: whom a number counts, said so that the same people have the same name everywhere.

A group is a population (which rows are counted) narrowed by traits (unit, time, asa …). The same
group in two tables, on two pages or on two nights is the same number.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lpe_reports.errors import UsageError
from lpe_reports.periods import parse_period

TIME = "time"
UNIT = "unit"
PROCEDURE = "procedure"
# The trait that makes a count's key the key of a sum over those counted ("sum=wait_days").
SUM = "sum"
# Between a period under way and the night that it was counted on ("2026-05@2026-05-11").
UNDER_WAY = "@"
_SEPARATORS = re.compile(r"[%|=]")
_ESCAPED = re.compile(r"%([0-9A-F]{2})")


@dataclass(frozen=True, order=True)
class Group:
    """Those of a population who have some traits.

    Args:
        population: Which rows are counted ("operated", "waiting").
        traits: Name and value of each trait, sorted by name; one that is left out has all its
            values.
    """

    population: str
    traits: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, population: str, /, **traits: str | None) -> "Group":
        """The group of a population with some traits; one that is None is left out."""
        return cls(population, _sorted({n: v for n, v in traits.items() if v is not None}))

    def but(self, /, **traits: str | None) -> "Group":
        """The same with other values of some traits; None takes one away."""
        merged = {**dict(self.traits), **traits}
        return Group.of(self.population, **merged)

    def get(self, trait: str) -> str | None:
        """The value of a trait; None where it is left out."""
        return dict(self.traits).get(trait)

    @property
    def key(self) -> str:
        """The group as one text: "operated|procedure=NGB49|time=2025-03|unit=hu-cop"."""
        traits = (f"{_escaped(name)}={_escaped(value)}" for name, value in self.traits)
        return "|".join((_escaped(self.population), *traits))

    @classmethod
    def from_key(cls, key: str) -> "Group":
        """The group that a key names.

        Raises:
            UsageError: It is no key.
        """
        population, *traits = key.split("|")
        pairs = [trait.split("=") for trait in traits]
        if any(len(pair) != 2 for pair in pairs):
            raise UsageError(f"'{key}' is no group's key: a trait is written name=value")
        return cls(
            _unescaped(population), _sorted({_unescaped(n): _unescaped(v) for n, v in pairs})
        )

    def is_closed(self, night: date) -> bool:
        """Whether what its trait `time` names is over on a night, so that nothing is to be added.

        A day is closed once the night has come, a period when the night lies after its last day,
        a period under way never; neither is a group without `time`.
        """
        time = self.get(TIME)
        if time is None or UNDER_WAY in time:
            return False
        try:
            return date.fromisoformat(time) <= night if _is_day(time) else _is_over(time, night)
        except ValueError:
            return False


@lru_cache(maxsize=50_000)
def sum_key(key: str, quantity: str) -> str:
    """The key of the sum of a quantity over the people that a key counts."""
    return with_new_trait(key, SUM, _escaped(quantity))


@lru_cache(maxsize=50_000)
def count_of(key: str) -> str:
    """The key of the count of those whom a sum's key is over."""
    return without(key, (SUM,))


def is_sum(key: str) -> bool:
    """Whether a key is that of a sum over people and not of their number."""
    return f"|{SUM}=" in key


@lru_cache(maxsize=50_000)
def traits_of(key: str) -> dict[str, str]:
    """The traits that a key names, as they are written in it."""
    return dict(trait.split("=", 1) for trait in key.split("|")[1:])


def without(key: str, names: Collection[str]) -> str:
    """The key of the wider group that has all values of some traits."""
    population, *traits = key.split("|")
    return "|".join((population, *(t for t in traits if t.partition("=")[0] not in names)))


def with_traits(key: str, name: str, values: Iterable[str]) -> tuple[str, ...]:
    """The keys of the groups with other values of a trait that one has."""
    pieces = key.split("|")
    place = next(p for p, trait in enumerate(pieces) if p and trait.partition("=")[0] == name)
    before = "|".join((*pieces[:place], f"{name}="))
    after = "".join(f"|{trait}" for trait in pieces[place + 1 :])
    return tuple(f"{before}{_escaped(value)}{after}" for value in values)


def with_new_trait(key: str, name: str, value: str) -> str:
    """The key of the group with one trait more, as both are written in a key."""
    population, *traits = key.split("|")
    named = sorted([*traits, f"{name}={value}"], key=lambda t: t.partition("=")[0])
    return "|".join((population, *named))


def _is_day(time: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", time) is not None


def _is_over(time: str, night: date) -> bool:
    try:
        return parse_period(time).is_over(night)
    except UsageError:
        return False


def _sorted(traits: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(traits.items()))


def _escaped(text: str) -> str:
    return _SEPARATORS.sub(lambda match: f"%{ord(match.group()):02X}", text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
