"""Targets of the Makefile that documents tell of, and that no other test runs."""

import subprocess
from pathlib import Path

from read_docs import ROOT


def test_the_demo_is_set_aside(tmp_path: Path) -> None:
    """`make leave-demo` moves all that the demo left, and removes nothing."""
    made = ["demo/warehouse.duckdb", "extracts/2026-05-11/manifest.json", "office/plan.xlsx"]
    for name in [*made, "inbox/operationer.csv"]:
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(name, encoding="utf-8")

    done = subprocess.run(
        ["make", "-f", ROOT / "Makefile", "leave-demo"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    (aside,) = (tmp_path / "data").glob("set-aside-*")
    assert all((aside / name).read_text(encoding="utf-8") == name for name in made)
    left = {path.name for path in (tmp_path / "data").iterdir()}
    assert left == {"inbox", aside.name}
    assert aside.name in done.stdout
