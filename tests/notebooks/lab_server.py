"""A real JupyterLab on a project, with a kernel of this environment, as `make lab` sets it up."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "docs" / "deploy" / "jupyter_lab_config.py"
_START_SECONDS = 60


@dataclass(frozen=True)
class Lab:
    """Where it is served, and the project that it is on."""

    project: Path
    port: int
    token: str

    def address(self, notebook: str) -> str:
        """Where a notebook is opened in an empty workspace."""
        return f"http://127.0.0.1:{self.port}/lab/tree/{notebook}?reset&token={self.token}"

    def end_kernels(self) -> None:
        """End what runs the notebooks that were opened, as closing JupyterLab does not."""
        for session in json.loads(self._ask("GET", "")):
            self._ask("DELETE", f"/{session['id']}")

    def _ask(self, method: str, which: str) -> bytes:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/sessions{which}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: bytes = answer.read()
        return found


@contextlib.contextmanager
def running_lab(jupyter: Path, project: Path, scratch: Path) -> Iterator[Lab]:
    """Start JupyterLab; it and its kernels have ended afterwards.

    Args:
        jupyter: The `jupyter` command of the environment that it is installed in.
        project: The folder to open.
        scratch: An empty folder for its settings.

    Raises:
        AssertionError: It has not answered in time.
    """
    install = [sys.executable, "-m", "ipykernel", "install", "--name", "python3", "--prefix"]
    subprocess.run([*install, str(scratch)], check=True, capture_output=True, timeout=60)
    lab = Lab(project, _free_port(), secrets.token_hex(16))
    world = {
        k: v for k, v in os.environ.items() if not k.startswith(("LPE_", "JUPYTER_", "PYTEST"))
    }
    own = {
        "JUPYTER_PATH": str(scratch / "share" / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(scratch / "config"),
        "JUPYTER_DATA_DIR": str(scratch / "data"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "r"),
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
        "IPYTHONDIR": str(scratch / "ipython"),
    }
    options = [
        "--no-browser", "--allow-root", f"--ServerApp.port={lab.port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={lab.token}",
    ]  # fmt: skip
    with (scratch / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(jupyter), "lab", "--config", str(CONFIG), *options],
            cwd=project, env=world | own, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait_for(lab, scratch / "log")
        yield lab
    finally:
        server.terminate()  # it ends its kernels
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(30)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(lab: Lab, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{lab.port}/api", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
