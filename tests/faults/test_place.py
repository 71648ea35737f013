"""The zone and the language of a machine change nothing: UTC and C, Stockholm and Swedish."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lpe_reports.settings import Project
from reliability.trials import Tried
from small_warehouse import NIGHT, comment, small_office, target, whole_project
from swedish_locale import SOURCE, swedish_locale

LPE = Path(sys.executable).parent / "lpe"
UTC = {"TZ": "UTC", "LC_ALL": "C", "LANG": "C"}
COMMENT = comment("Å först, ä sedan")
SPEAKS = "import time; print(time.strftime('%A %Z', time.localtime(0)))"


def _run(root: Path, place: Mapping[str, str], *command: str | Path) -> str:
    done = subprocess.run(
        command, cwd=root, env={**os.environ, **place}, capture_output=True, timeout=120, check=True
    )
    return done.stdout.decode()


def _files(project: Project) -> dict[str, bytes]:
    """A night's files, but for the moment of its load, and the stored lists."""
    (night,) = project.extracts.iterdir()
    found = {
        path.relative_to(project.data).as_posix(): path.read_bytes()
        for folder in (night, project.snapshots)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "load_log"
    }
    manifest = json.loads(found.pop(f"extracts/{NIGHT}/manifest.json"))
    del found[f"extracts/{NIGHT}/manifest.sha256"]
    del manifest["loaded_at"], manifest["tables"]["load_log"]
    return found | {"manifest": json.dumps(manifest).encode()}


@pytest.mark.skipif(not SOURCE.exists(), reason="no Swedish locale can be made here (locales)")
@pytest.mark.promise("clock", "The zone and the language of a machine change no byte")
def test_an_extract_is_the_same_in_any_zone_and_language(tmp_path: Path, tried: Tried) -> None:
    """Table by table, rows, counts and digests: summer time and sorting are the package's own."""
    (tmp_path / "locale").mkdir()
    stockholm = {"TZ": "Europe/Stockholm", **swedish_locale(tmp_path / "locale")}
    places = {"utc": UTC, "stockholm": stockholm}
    found = {}
    (tmp_path / "small").mkdir()
    tables = small_office(tmp_path / "small").tables
    for name, place in places.items():
        office = whole_project(tmp_path / name)
        office.tables = {**tables, "targets": [target("operations", 45)], "comments": [COMMENT]}
        office.write()
        _run(office.root, place, LPE, "extract")
        found[name] = _files(office.project)

    spoken = [_run(tmp_path, place, sys.executable, "-c", SPEAKS) for place in places.values()]
    assert spoken == ["Thursday UTC\n", "torsdag CET\n"]
    assert found["utc"] == found["stockholm"]
    tried(len(found["utc"]), "files")
