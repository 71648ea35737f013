"""How far the preview is: the last good page, what is wrong with it now, what is being done."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lpe_reports.cli.live.problems import Problem


@dataclass(frozen=True)
class Page:
    """A page as it was made; `clock` is when, `seconds` how long it took."""

    html: str
    address: str
    made: str
    title: str
    clock: str
    seconds: float


@dataclass(frozen=True)
class State:
    """What a browser shows.

    Fields:
        number: Counts what there is to show; a browser that shows an older one reads anew.
        page: The last good page.
        problem: Why it is not the newest; None where it is.
        making: What is done now, in Swedish; empty when nothing is.
        assets: The files that the page shares with others.
        since: Where counting began: another preview at the same port is another one.
    """

    number: int = 0
    page: Page | None = None
    problem: Problem | None = None
    making: str = ""
    assets: Mapping[str, bytes] = field(default_factory=dict)
    since: float = field(default_factory=time.time)


class Board:
    """The state, which one thread writes and many wait for."""

    def __init__(self) -> None:
        self._state = State()
        self._changed = threading.Condition()
        self._closed = False

    @property
    def state(self) -> State:
        return self._state

    @property
    def closed(self) -> bool:
        return self._closed

    def making(self, words: str) -> None:
        """Say what is done now."""
        self._set(replace(self._state, making=words))

    def show(self, page: Page, assets: Mapping[str, bytes]) -> None:
        """Show a page; one that says the same as before is nothing to read anew."""
        state = self._state
        new = {name: data for name, data in assets.items() if state.assets.get(name) != data}
        if state.page and state.problem is None and not new and state.page.html == page.html:
            self._set(replace(state, making=""))
            return
        self._set(
            replace(
                state,
                number=state.number + 1,
                page=page,
                problem=None,
                making="",
                assets={**state.assets, **assets},
            )
        )

    def fail(self, problem: Problem) -> None:
        """Show what went wrong, above the last good page."""
        state = self._state
        number = state.number + (problem != state.problem)
        self._set(replace(state, number=number, problem=problem, making=""))

    def _set(self, state: State) -> None:
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def wait(self, seen: State, seconds: float) -> State:
        """The state when it is another one than was seen, or after a time."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._state is not seen, seconds)
            return self._state

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
