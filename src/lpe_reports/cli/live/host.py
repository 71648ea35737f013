"""The process that makes the page, from the side of the preview: orders, answers, its end."""

import base64
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

import lpe_reports
from lpe_reports.build.running.bytecode import hold_to_content
from lpe_reports.build.running.environment import run_environment
from lpe_reports.cli.live.scratch import new_scratch
from lpe_reports.settings import Project

_END_SECONDS = 5
_FILE_SECONDS = 60

Answer = dict[str, Any]


class BusyError(Exception):
    """The page is being made; nothing else can be until then."""


class MakerProcess:
    """One process that makes pages; started anew after it was ended.

    Args:
        project: The project.
        night: The folder of the extract that pages read.
    """

    def __init__(self, project: Project, night: str) -> None:
        self._scratch = new_scratch()
        self._environment = run_environment(project, night, Path(self._scratch.name))
        self._write = threading.Lock()
        self._making = False  # a page; guarded by the lock, as orders are
        self._one_file = threading.Lock()
        self._files: queue.Queue[Answer] = queue.Queue()
        self.answers: queue.Queue[Answer] = queue.Queue()
        hold_to_content([Path(lpe_reports.__file__).parent, project.reports])
        with self._write:
            self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        quiet = None if os.environ.get("LPE_DEBUG") else subprocess.DEVNULL
        process = subprocess.Popen(
            [sys.executable, "-m", "lpe_reports.cli.live.maker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=quiet,
            env=self._environment,
            # Ctrl-C is for the preview, which then ends this itself.
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        return process

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        with contextlib.suppress(OSError, ValueError), process.stdout:
            for line in process.stdout:
                answer = json.loads(line)
                if "page" in answer or "problem" in answer:
                    self._made_by(process)
                (self._files if "file" in answer else self.answers).put(answer)
        self._made_by(process)
        self._files.put({"file": None, "data": None})
        self.answers.put({"ended": process.pid})

    def _made_by(self, process: "subprocess.Popen[bytes]") -> None:
        with self._write:
            if process is self._process:
                self._making = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def order_page(self, page: Mapping[str, str]) -> None:
        """Have the page made; a process that has ended is started again."""
        with self._write:
            if self._process.poll() is not None:
                self._process = self._start()
            self._making = True
            self._order({"do": "page", "page": dict(page)})

    def file(self, name: str) -> bytes | None:
        """A file beside the page; None when there is none such, or it cannot be made.

        Raises:
            BusyError: The page is being made.
        """
        with self._one_file:
            while not self._files.empty():
                self._files.get()
            with self._write:
                if self._making:
                    raise BusyError
                if self._process.poll() is not None:
                    return None
                self._order({"do": "file", "name": name})
            with contextlib.suppress(queue.Empty):
                answer = self._files.get(timeout=_FILE_SECONDS)
                if answer["file"] is None:
                    raise BusyError  # it was ended for a newer page
                if answer["file"] == name and answer["data"] is not None:
                    return base64.b64decode(answer["data"])
        return None

    def _order(self, order: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def end(self) -> None:
        """End it and all that it has started."""
        with contextlib.suppress(psutil.Error):
            family = psutil.Process(self._process.pid).children(recursive=True)
            for process in family:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def close(self) -> None:
        """End it and clear its folder away."""
        self.end()
        self._scratch.cleanup()
