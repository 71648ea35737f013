"""Trying again what failed because a server did not answer, or was lost on the way."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from lpe_reports.errors import SourceGoneError

Result = TypeVar("Result")


@dataclass(frozen=True)
class BackOff:
    """How long to wait between tries: doubling, and never twice the same.

    Attributes:
        first_seconds: About so long after the first try.
        longest_seconds: Never longer than this.
    """

    first_seconds: float = 1.0
    longest_seconds: float = 30.0

    def seconds(self, tried: int) -> float:
        """How long to wait after so many tries: between half and all of what has doubled."""
        doubled = self.first_seconds * 2.0 ** (tried - 1)
        part: float = random.uniform(0.5, 1.0)
        return min(doubled, self.longest_seconds) * part


@dataclass(frozen=True)
class FailedTry:
    """One try that failed, with another to come.

    Attributes:
        number: Which one it was, from 1.
        attempts: How many there are at most.
        error: Why it failed.
        wait_seconds: How long it is until the next.
    """

    number: int
    attempts: int
    error: SourceGoneError
    wait_seconds: float


def with_retries(
    action: Callable[[int], Result],
    attempts: int,
    told: Callable[[FailedTry], None] = lambda failed: None,
    *,
    back_off: BackOff | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Do something; again, a bounded number of times, when the source was gone.

    Args:
        action: What to do, from the beginning each time; takes which try it is, from 1.
        attempts: How often to try at most.
        told: Who is told of a failed try before the next.
        back_off: How long to wait between tries.
        sleep: How to wait.

    Raises:
        SourceGoneError: The last try failed too; says how many there were.
    """
    back_off = back_off or BackOff()
    for number in range(1, attempts + 1):
        try:
            return action(number)
        except SourceGoneError as error:
            if number == attempts:
                if attempts == 1:
                    raise
                raise SourceGoneError(f"{error} (tried {attempts} times)") from None
            wait = back_off.seconds(number)
            told(FailedTry(number, attempts, error, wait))
        sleep(wait)
    raise ValueError("attempts must be at least 1")
