"""Readers of a site while it is published anew, and a candidate whose files say which it is."""

import hashlib
import re
import threading
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from browser import served

from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project

READERS = 8
PAGES = [f"a/r/u/{number}.html" for number in range(5)]


def candidate(project: Project, number: int) -> Path:
    """A candidate of which all files say which one they are of, its stylesheet by its name too."""
    style = f"/* {number} */".encode()
    asset = f"assets/site.{hashlib.sha256(style).hexdigest()[:10]}.css"
    page = f'<link href="../../../{asset}"> of {number}'
    files = {
        "index.html": f"of {number}",
        asset: style.decode(),
        "search/entry.json": f"of {number}",
        "version.json": '{"night": "2026-05-11", "kept": {}}',
        "build.json": '{"pages": 5}',
        **dict.fromkeys(PAGES, page),
    }
    for old in (project.candidate / "assets").glob("*"):
        old.unlink()
    for name, text in files.items():
        path = project.candidate / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text)
    return project.candidate


class Reader(threading.Thread):
    """Opens pages one after the other, each with its stylesheet and its version's search."""

    def __init__(self, base: str, seed: int, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self._base, self._at, self._done = base, seed, done
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self._done.is_set():
            self._at = (self._at + 1) % len(PAGES)
            try:
                self._view(PAGES[self._at])
            except OSError as error:
                self.wrong.append(f"{type(error).__name__} {error}")

    def _view(self, page: str) -> None:
        text = self._get(f"latest/{page}")
        asset = re.findall(r'href="(?:\.\./)+([^"]+)"', text)[0]
        style = self._get(f"latest/{asset}")
        said, styled = re.findall(r"of (\d+)", text)[0], re.findall(r"\d+", style)[0]
        if said != styled:
            self.wrong.append(f"{page} of {said} with a style of {styled}")
        latest = re.findall(r'"latest": "([^"]+)"', self._get("versions.json"))[0]
        self._get(f"v/{latest}/search/entry.json")
        self.seen[said] += 1

    def _get(self, address: str) -> str:
        with urllib.request.urlopen(f"{self._base}/{address}", timeout=20) as answer:
            text: str = answer.read().decode()
            return text


@dataclass(frozen=True)
class Read:
    """What readers met.

    Fields:
        views: How many views of a page there were of each candidate.
        wrong: What was missing, or of two versions.
    """

    views: Counter[str]
    wrong: list[str]


def read_while_publishing(project: Project, publishes: int) -> Read:
    """Publish so often while eight readers read; now and then a version is gone back from."""
    publish(project, candidate(project, 0))
    done = threading.Event()
    with served(project.public) as base:
        readers = [Reader(base, seed, done) for seed in range(READERS)]
        for reader in readers:
            reader.start()
        try:
            for number in range(1, publishes + 1):
                publish(project, candidate(project, number))
                if number % 20 == 0:
                    roll_back(project)
        finally:
            done.set()
            for reader in readers:
                reader.join(30)
    views: Counter[str] = sum((reader.seen for reader in readers), Counter())
    return Read(views, [wrong for reader in readers for wrong in reader.wrong])
