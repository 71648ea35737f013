"""Notebooks that one worker runs one after the other: nothing goes over from one to the next."""

from pathlib import Path

import pytest

from lpe_reports.build.runs import RunStatus
from run_faults import ENGINES, Engine
from tiny_project import TinyProject, telling, told

pytestmark = pytest.mark.promise("notebooks", "Nothing goes over from one notebook to the next")

# Leaves a value in every place that is the run's own, and tells in the project where.
LEAVE = """
import os, pathlib, tempfile
shell = get_ipython()
row = "-".join(("a", "patient"))
%store row
startup = pathlib.Path(shell.profile_dir.startup_dir, "0.py")
startup.write_text("row = 1")
closed = tempfile.mkdtemp()
with tempfile.NamedTemporaryFile(dir=closed, delete=False) as file:
    file.write(row.encode())
os.chmod(closed, 0)
with tempfile.NamedTemporaryFile(delete=False) as other:
    other.write(row.encode())
with open(os.path.join(os.environ["LPE_PROJECT"], "left"), "a") as left:
    print(startup, other.name, closed, sep="\\n", file=left)
"""
READ = """
import os, pathlib, tempfile
%store -r row
place = pathlib.Path(tempfile.gettempdir())
left = pathlib.Path(os.environ["LPE_PROJECT"], "left").read_text().split()
there = [path for path in left if os.path.lexists(path)]
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_goes_over_to_the_next_notebook(tmp_path: Path, engine: Engine) -> None:
    """Stored values, what a profile runs at its start, temporary files: gone when a run has ended.

    Whether it is a page, raised an error or died.
    """
    tiny = TinyProject(tmp_path)
    tiny.write_report([LEAVE], name="a-good", engine=engine)
    tiny.write_report([LEAVE, "1 / 0"], name="b-raises", engine=engine)
    tiny.write_report([LEAVE, "os._exit(0)"], name="c-leaves", engine=engine)
    shown = telling("globals().get('row'), there, len(left), os.listdir(place)")
    tiny.write_report([READ, shown], name="d-reads", engine=engine)

    runs = tiny.build(jobs=1)

    good, *failed, reads = (run.status for run in runs)
    assert (good, reads) == (RunStatus.BUILT, RunStatus.BUILT)
    assert failed == [RunStatus.FAILED] * 2
    assert told(runs[-1].notebook) == "None [] 9 []"


@pytest.mark.parametrize("engine", ENGINES)
def test_folders_of_a_run_are_its_accounts_alone(tmp_path: Path, engine: Engine) -> None:
    """They lie where nobody else may look, apart from those of another run."""
    tiny = TinyProject(tmp_path)
    places = (
        "import os, pathlib, stat, tempfile\n"
        "places = [pathlib.Path(tempfile.gettempdir()), pathlib.Path(get_ipython().ipython_dir)]\n"
        "above = oct(stat.S_IMODE(places[0].parent.stat().st_mode))"
    )
    shown = telling("above, places[0].parent == places[1].parent, places[0]")
    tiny.write_report([places, shown], units="ab", engine=engine)

    first, second = (told(run.notebook).split() for run in tiny.build(jobs=1))

    assert first[:2] == second[:2] == ["0o700", "True"]
    assert first[2] != second[2]
    assert Path(first[2]).parents[1] == Path(second[2]).parents[1]


# Leaves what would have the next kernel start otherwise, or not at all.
CONFIGURE = """
import json, os, pathlib, sys
shell = get_ipython()
profile = pathlib.Path(shell.profile_dir.location)
planted = "c.InteractiveShellApp.exec_lines = ['planted = 1']"
for name in ("ipython_config.py", "ipython_kernel_config.py"):
    (profile / name).write_text("c = get_config()\\n" + planted)
config = pathlib.Path(os.environ["JUPYTER_CONFIG_DIR"])
config.mkdir(parents=True, exist_ok=True)
(config / "jupyter_config.py").write_text("c = get_config()\\n" + planted)
kernel = pathlib.Path(os.environ["JUPYTER_DATA_DIR"], "kernels", "python3")
kernel.mkdir(parents=True, exist_ok=True)
line = [sys.executable, "-c", "exit(1)"]
spec = {"argv": line, "display_name": "P", "language": "python"}
(kernel / "kernel.json").write_text(json.dumps(spec))
runtime = pathlib.Path(os.environ["JUPYTER_RUNTIME_DIR"])
runtime.mkdir(parents=True, exist_ok=True)
(runtime / "planted").write_text("a patient's")
"""
FOUND = """
import os, pathlib
folders = [os.environ[f"JUPYTER_{name}_DIR"] for name in ("CONFIG", "DATA", "RUNTIME")]
found = [path.name for folder in folders for path in pathlib.Path(folder).rglob("*")]
found = [name for name in found if "planted" in name or "config" in name or "kernel.json" in name]
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_notebook_cannot_configure_the_next(tmp_path: Path, engine: Engine) -> None:
    """Configuration, kernels and connections that a notebook leaves are those of its run."""
    tiny = TinyProject(tmp_path)
    tiny.write_report([CONFIGURE], name="a-configures", engine=engine)
    shown = telling("globals().get('planted'), found")
    tiny.write_report([FOUND, shown], name="b-reads", engine=engine)

    runs = tiny.build(jobs=1)

    assert [run.status for run in runs] == [RunStatus.BUILT] * 2
    assert told(runs[-1].notebook) == "None []"
