"""The programs that look at what the project is made of, run as `make audit` and CI run them."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

SUPPLY = Path(__file__).resolve().parents[1] / ".ci" / "supply"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _run(
    python: Path | str, program: str, *arguments: str | Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(python), str(SUPPLY / program), *map(str, arguments)],
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
        capture_output=True, encoding="utf-8", timeout=200, check=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def audited(root: Path) -> Run:
    """Run a program with what `make audit` installs; only tests marked `audit` may ask for it."""
    folder = root / ".venv" / "audit"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    return lambda program, *arguments, **said: _run(python, program, *arguments, **said)


@pytest.fixture(scope="session")
def run() -> Run:
    """Run a program with the project's own environment."""
    return lambda program, *arguments, **said: _run(sys.executable, program, *arguments, **said)


@dataclass
class Osv:
    """A copy of the OSV database that knows of what a test tells it."""

    url: str = ""
    status: int = 200
    asked: set[tuple[str, str]] = field(default_factory=set)
    known: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def knows(self, package: str, *ids: str, fixed: str) -> None:
        """From now on a package has a weakness."""
        events = [{"introduced": "0"}, {"fixed": fixed}]
        of = {"package": {"name": package, "ecosystem": "PyPI"}}
        self.known[package] = [
            {
                "id": ids[0],
                "aliases": list(ids[1:]),
                "summary": "It lets\nstrangers in.",
                "affected": [of | {"ranges": [{"type": "ECOSYSTEM", "events": events}]}],
            }
        ]


@pytest.fixture
def osv() -> Iterator[Osv]:
    """A server of that, on this machine."""
    state = Osv()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = asked["package"]["name"]
            state.asked.add((name, asked["version"]))
            known = state.known.get(name)
            body = json.dumps({"vulns": known} if known else {}).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        state.url = f"http://127.0.0.1:{server.server_port}/v1/query"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join(timeout=10)


def pins_of(lock: Path) -> dict[tuple[str, str], set[str]]:
    """Name and version of everything in a lock file, with the digests; read another way."""
    found = {}
    for entry in re.split(r"\n(?=[a-z])", lock.read_text(encoding="utf-8")):
        if head := re.match(r"([a-z0-9.-]+)(?:\[.*?\])?==([^\s;]+)", entry):
            found[head[1], head[2]] = set(re.findall(r"sha256:([0-9a-f]{64})", entry))
    return found
