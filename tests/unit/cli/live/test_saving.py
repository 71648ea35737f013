"""Saved files are noticed, whole and soon; what cannot change a page is not."""

import queue
import time
from pathlib import Path

import pytest
from watchfiles import Change

from lpe_reports.cli.live.saving import Watching, matters

SOON_SECONDS = 5


@pytest.mark.parametrize("polling", [False, True])
def test_a_saved_file_is_noticed_also_where_it_takes_the_place_of_another(
    tmp_path: Path, polling: bool
) -> None:
    """Editors write beside a file and rename; single files are watched through their folder."""
    (tmp_path / "params").mkdir()
    single = tmp_path / "_quarto.yml"
    single.write_text("a", encoding="utf-8")
    seen: queue.Queue[set[Path]] = queue.Queue()
    watching = Watching([tmp_path / "params"], [single], seen.put, polling=polling)
    try:
        # The system begins to watch; polling tells files apart by the second.
        time.sleep(1.2 if polling else 0.4)
        (tmp_path / "params" / "x.yml").write_text("b", encoding="utf-8")
        assert {path.name for path in seen.get(timeout=SOON_SECONDS)} == {"x.yml"}
        beside = tmp_path / "new"
        beside.write_text("longer than before", encoding="utf-8")
        beside.replace(single)
        assert {path.name for path in seen.get(timeout=SOON_SECONDS)} == {"_quarto.yml"}
    finally:
        watching.close()


@pytest.mark.parametrize(
    "path", ["a/__pycache__/b.py", "r/.ipynb_checkpoints/a.ipynb", "r/a.ipynb~", "r/.a.ipynb.swp"]
)
def test_what_is_no_part_of_a_page_is_not_noticed(path: str) -> None:
    """Bytecode, editors' copies."""
    assert not matters(Change.modified, path)
    assert matters(Change.modified, "reports/a.ipynb")
