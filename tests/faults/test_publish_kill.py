"""A kill or a full disk in the middle of publishing: the old version or the new one, whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lpe_reports.publish.catalogue import list_versions
from lpe_reports.publish.pointer import latest_id
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project

# Publishes, and dies (SIGKILL) or fails (no space) at the n-th change to the file system.
PUBLISH = """
import errno, os, pathlib, signal, sys
from lpe_reports.publish import versions
from lpe_reports.settings import Project

fault, left = sys.argv[2], int(sys.argv[3])
changes = {"os.rename", "os.link", "os.symlink", "os.mkdir", "os.chmod", "os.truncate"}

def watch(event, arguments):
    global left
    writes = event in changes or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))
    if not writes:
        return
    left -= 1
    if left == 0:
        if fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

project = Project(pathlib.Path(sys.argv[1]))
sys.addaudithook(watch)
try:
    versions.publish(project, project.candidate)
except Exception as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(2)
print("never stopped" if left > 0 else "went on")
"""


def _candidate(project: Project, text: str) -> None:
    record = {"night": "2026-05-11", "kept": {}}
    files = {
        "index.html": text, "a/1.html": text, "a/2.html": "same", f"assets/{text}.css": text,
        "version.json": json.dumps(record), "build.json": '{"pages": 2}',
    }  # fmt: skip
    for name, content in files.items():
        path = project.candidate / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(content)


def _read(project: Project) -> tuple[str, str, str]:
    latest = project.public / "latest"
    pages = [(latest / name).read_text() for name in ("index.html", "a/1.html", "a/2.html")]
    assert (latest / "assets" / f"{pages[0]}.css").read_text() == pages[0]
    return pages[0], pages[1], pages[2]


@pytest.mark.parametrize("fault", ["kill", "full"])
def test_every_point_leaves_the_old_or_the_new_version_whole(tmp_path: Path, fault: str) -> None:
    """One publishing per change to the file system, stopped right there; then one that goes on."""
    project = Project(tmp_path)
    _candidate(project, "v0")
    publish(project, project.candidate)
    at, seen_old, seen_new = 0, 0, 0
    while True:
        at += 1
        assert at < 100
        before, known = _read(project), latest_id(project.public)
        text = f"v{at}"
        _candidate(project, text)
        made = subprocess.run(
            [sys.executable, "-c", PUBLISH, str(tmp_path), fault, str(at)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.stdout == "never stopped\n":
            break
        if made.returncode == 2:
            assert made.stdout.startswith("SettingsError: public/ could not be written (No space")
        if latest_id(project.public) == known:
            assert _read(project) == before
            seen_old += 1
        else:
            assert _read(project) == (text, text, "same")
            seen_new += 1

    assert seen_old > 10 and seen_new > 0
    _candidate(project, "after")
    version = publish(project, project.candidate)
    assert _read(project) == ("after", "after", "same")
    assert list_versions(project)[0] == version
    left = [p.name for p in project.public.rglob(".*")]
    assert left == []
    whole = {"index.html", "version.json", "build.json", "files.json", "assets", "a"}
    for folder in (project.public / "v").iterdir():
        assert {path.name for path in folder.iterdir()} == whole
