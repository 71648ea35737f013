"""What a run prints, names or shows by mistake: not in the store, not in a log, never on a page."""

from pathlib import Path

import pytest

from kept_worker import kept_worker
from lpe_reports.build.running.logs import log_path
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunFailure, RunStatus
from tiny_project import TinyProject, telling, told

pytestmark = pytest.mark.promise(
    "disclosure", "What a notebook prints, names or shows by mistake is in no store, log or page"
)

# Computed, so that the cells' own text, which is stored, does not hold it.
PLANTED = "planted-7919"
VALUE = "value = '-'.join(('planted', str(7900 + 19)))\nfrom IPython.display import display\n"
FRAME = "import pandas as pd\nframe = pd.DataFrame({'n': [value]})\n"
BLOCK = "application/vnd.lpe.block+json"
# A picture of one pixel, as a chart library would show it.
PIXEL = "R0lGODlhAQABAAAAACwAAAAAAQABAAA="

SILENT = {
    "print": "print(value)",
    "standard error": "import sys\nprint(value, file=sys.stderr)",
    "last value": "value",
    "series": FRAME + "frame['n']",
    "printed frame": FRAME + "print(frame)",
    "warning": "import warnings\nwarnings.warn(value)",
    "log": "import logging\nlogging.error(value)",
    "descriptors": "import os\nos.write(1, value.encode()); os.write(2, value.encode())",
    "program": "import os\nos.system('echo ' + value)",
    "end of the kernel": "import atexit, os\natexit.register(os.write, 2, value.encode())",
    "beside a block": f"display({{'{BLOCK}': {{'type': 'absent'}}, 'text/plain': value, "
    "'text/html': value}, raw=True)",
    "metadata": "display('x', metadata={'n': value})",
    "text that is updated": "handle = display('x', display_id=True)\nhandle.update(value)",
}
FOREIGN = {
    "frame": FRAME + "frame",
    "frame in the middle": FRAME + "display(frame)\n1",
    "html": "display({'text/html': value}, raw=True)",
    "markdown": "display({'text/markdown': value}, raw=True)",
    "picture": f"display({{'image/gif': '{PIXEL}'}}, raw=True)",
    "no block": f"display({{'{BLOCK}': {{'type': 'table', 'n': value}}}}, raw=True)",
    "more than a block": f"display({{'{BLOCK}': {{'type': 'note', 'text': 'x', 'raw': value}}}}, "
    "raw=True)",
}


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    return TinyProject(tmp_path, kept_worker)


def test_the_store_keeps_only_what_the_page_shows(tiny: TinyProject) -> None:
    """Many ways to let a value slip out beside the page: a good run, and the value nowhere."""
    cells = [VALUE + cell for cell in SILENT.values()]
    tiny.write_report([*cells, telling("'shown', unit")])

    (run,) = tiny.build()

    assert run.status is RunStatus.BUILT
    assert told(run.notebook) == "shown a"
    assert _files_with_the_value(tiny) == set()


@pytest.mark.parametrize("name", FOREIGN)
def test_what_did_not_come_from_the_page_fails_the_run(tiny: TinyProject, name: str) -> None:
    """A typed failure with the cell's number; nothing stored, and the private log is private."""
    tiny.write_report(["1", "2", VALUE + FOREIGN[name], "3"])

    (run,) = tiny.build()

    failure = _failure(run)
    assert failure.kind is FailureKind.FOREIGN
    assert failure.cell == 5
    assert "cell 5 shows something that did not come from the page" in failure.message
    assert PLANTED not in repr(run)
    assert [path for path in tiny.project.store.rglob("*") if path.is_file()] == []
    private = log_path(tiny.project, run.key.file_stem).with_suffix(".ipynb")
    assert _files_with_the_value(tiny) <= {private}
    assert private.stat().st_mode & 0o777 == 0o600


def test_an_error_that_a_cell_may_raise_is_a_failure_all_the_same(tiny: TinyProject) -> None:
    """Jupyter's tag `raises-exception` lets a notebook go on; its traceback is stored nowhere."""
    path = tiny.write_report([VALUE + "raise ValueError(value)", "2"])
    tagged = '"id": "cell-0",\n   "metadata": {"tags": ["raises-exception"]}'
    source = path.read_text()
    path.write_text(source.replace('"id": "cell-0",\n   "metadata": {}', tagged))
    assert path.read_text() != source

    (run,) = tiny.build()

    assert _failure(run).kind is FailureKind.RAISED
    assert [path for path in tiny.project.store.rglob("*") if path.is_file()] == []


def _failure(run: ExecutedRun) -> RunFailure:
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    return run.error


def _files_with_the_value(tiny: TinyProject) -> set[Path]:
    files = (path for path in tiny.project.root.rglob("*") if path.is_file())
    return {path for path in files if PLANTED.encode() in path.read_bytes()}
