"""One page, made again whenever something it may be made of is saved."""

import base64
import contextlib
import queue
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lpe_reports.cli.live import words
from lpe_reports.cli.live.board import Board, Page
from lpe_reports.cli.live.host import MakerProcess
from lpe_reports.cli.live.problems import Problem, of_end

# A run that takes longer than this is ended when something newer has been saved.
_PATIENCE_SECONDS = 3.0
_LOOK_SECONDS = 0.25


class Conductor:
    """Orders the page, and shows what comes of it.

    Args:
        maker: What makes pages.
        board: What browsers are told.
        page: Which page: report, unit, period and night.
        notebook: Its notebook, for what is told of a run that died.
    """

    def __init__(
        self, maker: MakerProcess, board: Board, page: Mapping[str, str], notebook: str
    ) -> None:
        self._maker = maker
        self._board = board
        self._page = page
        self._notebook = notebook
        self._saved = threading.Event()
        self._ended = False
        self._cell = 0
        self._thread = threading.Thread(target=self._conduct, daemon=True)

    def start(self) -> None:
        """Begin with the first page."""
        self._saved.set()
        self._thread.start()

    def saved(self, paths: set[Path]) -> None:
        """Have the page made again; called from any thread."""
        self._saved.set()

    def close(self) -> None:
        """End."""
        self._ended = True
        self._saved.set()
        self._thread.join(2)

    def _conduct(self) -> None:
        while True:
            self._saved.wait()
            if self._ended:
                return
            self._saved.clear()
            self._make()

    def _make(self) -> None:
        self._board.making(words.MAKING)
        began, self._cell = time.monotonic(), 0
        while not self._maker.answers.empty():
            self._maker.answers.get()
        self._maker.order_page(self._page)
        while not self._ended:
            with contextlib.suppress(queue.Empty):
                if self._take(self._maker.answers.get(timeout=_LOOK_SECONDS), began):
                    return
            if self._saved.is_set() and time.monotonic() - began > _PATIENCE_SECONDS:
                self._maker.end()
                return

    def _take(self, answer: Mapping[str, Any], began: float) -> bool:
        """Show an answer; returns whether it was the last."""
        if "cell" in answer:
            self._cell = int(answer["cell"])
            self._board.making(words.MAKING_CELL.format(**answer))
            return False
        if "page" in answer:
            self._show(answer, time.monotonic() - began)
        elif "problem" in answer:
            self._board.fail(Problem.from_json(answer["problem"]))
        elif answer["ended"] == self._maker.pid:
            self._board.fail(of_end("died", self._notebook, self._cell or None, ""))
        else:
            return False  # one that was ended before
        return True

    def _show(self, answer: Mapping[str, Any], seconds: float) -> None:
        page = answer["page"]
        assets = {name: base64.b64decode(data) for name, data in answer["assets"].items()}
        shown = Page(
            html=page["html"],
            address=page["address"],
            made=page["made"],
            title=page["title"],
            clock=time.strftime("%H.%M.%S"),
            seconds=seconds,
        )
        self._board.show(shown, assets)
