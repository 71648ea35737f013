"""The process that makes the previewed page: `python -m lpe_reports.cli.live.maker`.

Orders come on its standard input and answers leave on its standard output, one JSON object per
line. It ends with its input, and leaves neither a process nor a file behind.
"""

import contextlib
import json
import os
import queue
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import psutil

from lpe_reports.cli.live.code import Code
from lpe_reports.cli.live.problems import Places, Problem, of_error

# How the name of the folder begins that goes with this process.
SCRATCH = "lpe-preview-"
_MAKING = "lpe_reports.cli.live.making"
_WARMING = "lpe_reports.cli.live.warming"
_SERVER = "lpe_reports.build.forking.server"

Answer = dict[str, Any]


class Maker:
    """Does what it is ordered; keeps between orders what need not be done again.

    Args:
        answer: Takes answers.
    """

    def __init__(self, answer: Callable[[Answer], None]) -> None:
        self._answer = answer
        self._code = Code(self._keep)
        self._making: Any = None
        self._warming: Any = None
        self._wanted: dict[str, str] = {}
        self._places = Places(Path(os.environ["LPE_PROJECT"]))
        self._assets: set[str] = set()

    def do(self, order: dict[str, Any]) -> None:
        """Do one order and answer it."""
        what = order["do"]
        if what == "page":
            self._wanted = order["page"]
            self._answer(self._page())
        elif what == "file":
            self._answer({"file": order["name"], "data": self._file(order["name"])})

    def warm_up(self) -> None:
        """Begin with what takes time and will be needed, beside all else."""
        with contextlib.suppress(Exception):  # whoever needs it is told
            warming = self._code.current(_WARMING)
            if warming is not self._warming:
                self._warming = warming
                warming.begin()

    def _page(self) -> Answer:
        try:
            page = self._ready().page(self._answer)
            assets = self._ready().assets()
        except Exception as error:
            return {"problem": self._problem(error).as_json()}
        finally:
            self._code.note()
        new = {name: data for name, data in assets.items() if name not in self._assets}
        self._assets |= set(assets)
        return {"page": page, "assets": new}

    def _file(self, name: str) -> str | None:
        import base64

        with contextlib.suppress(Exception):
            data = self._making.file(name) if self._making else None
            return base64.b64encode(data).decode() if data is not None else None
        return None

    def _problem(self, error: Exception) -> Problem:
        told = getattr(error, "problem", None)
        return told if isinstance(told, Problem) else of_error(error, self._places)

    def _ready(self) -> Any:
        """What makes pages, of the package as it is on the disk."""
        self.warm_up()
        module = self._code.current(_MAKING)
        if not isinstance(self._making, module.Making):
            kept = self._making.kept() if self._making else None
            self._making = module.Making(module.Wanted(**self._wanted), kept)
        return self._making

    def _keep(self) -> Callable[[], None] | None:
        """Carry the fork server over to the modules that are imported next."""
        if self._making is not None:
            self._making.close()
        warming = sys.modules.get(_WARMING)
        if warming is not None:
            warming.end()
        before = sys.modules.get(_SERVER)
        running = before.running_server() if before else None
        if before is None or running is None:
            return None
        before.__dict__["_running"] = None

        def restore() -> None:
            import importlib

            importlib.import_module(_SERVER).__dict__["_running"] = running

        return restore


def _read(orders: "queue.Queue[dict[str, Any]]", scratch: Path) -> None:
    for line in sys.stdin.buffer:
        orders.put(json.loads(line))
    # The preview has ended, or was killed: nothing may be left.
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()
    if scratch.name.startswith(SCRATCH):
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


def _answers(stream: BinaryIO) -> Callable[[Answer], None]:
    lock = threading.Lock()

    def answer(body: Answer) -> None:
        with lock:
            stream.write(json.dumps(body).encode() + b"\n")
            stream.flush()

    return answer


def main() -> None:
    """Do orders until the input ends."""
    answer = _answers(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    os.chdir(os.environ["LPE_PROJECT"])
    orders: queue.Queue[dict[str, Any]] = queue.Queue()
    # Asked for now: a notebook that waits for its first cell has folders of its own.
    scratch = Path(os.environ.get("IPYTHONDIR", "")).parent
    threading.Thread(target=_read, args=(orders, scratch), daemon=True).start()
    maker = Maker(answer)
    maker.warm_up()
    while True:
        maker.do(orders.get())


if __name__ == "__main__":
    main()
