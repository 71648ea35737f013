"""A module that was written twice within a second is run as it is now."""

import os
import subprocess
import sys
from pathlib import Path

from lpe_reports.build.running.bytecode import hold_to_content


def _imported(folder: Path, value: int) -> str:
    """What a process sees of a module that has this value, and the size and time it always had."""
    module = folder / "twice.py"
    module.write_text(f"VALUE = {value}\n")
    os.utime(module, (1_600_000_000, 1_600_000_000))
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [sys.executable, "-c", "import twice; print(twice.VALUE)"], cwd=folder, env=environment,
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout.strip()  # fmt: skip


def test_bytecode_goes_by_what_its_source_says(tmp_path: Path) -> None:
    """Python by itself runs the old one; afterwards the new one, and so on."""
    assert (_imported(tmp_path, 1), _imported(tmp_path, 2)) == ("1", "1")

    assert hold_to_content([tmp_path]) == 1

    assert [_imported(tmp_path, value) for value in (2, 3, 4)] == ["2", "3", "4"]
    assert hold_to_content([tmp_path]) == 0


def test_what_cannot_be_compiled_is_left_to_whoever_imports_it(tmp_path: Path) -> None:
    """A file half written, and one that nobody has imported."""
    _imported(tmp_path, 1)
    (tmp_path / "twice.py").write_text("VALUE = (")
    (tmp_path / "other.py").write_text("1")

    assert hold_to_content([tmp_path, tmp_path / "nowhere"]) == 0
