"""A kernel made before the fork is, once taken over, as one made in the notebook's process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine_pair import FORK, KERNEL, code_notebook, environment, execute, printed
from lpe_reports.build.forking.server import fork_server

# What a kernel has of its environment and its folder.
_OWN = """
import json, os, pathlib, sys, warnings
ip = get_ipython()
history = ip.history_manager
print(json.dumps({
    "ipython": ip.ipython_dir,
    "profile": [ip.profile_dir.location, ip.kernel.profile_dir is None],
    "folders": [ip.starting_dir, str(history.dir_hist[0]), _dh is history.dir_hist],
    "variables": {name: value for name, value in os.environ.items()
                  if name.startswith(("TERM", "CLI", "FORCE", "PAGER", "GIT_P", "MPL", "LPE_T"))},
    "session": globals().get("__session__"),
    "path": [place for place in sys.path if "of-another" in place],
    "working folder in the path": sys.path.count(""),
    "history": [history.session_number, list(history.get_tail()), str(history.hist_file)],
    "history database": history.db.execute("select count(*) from sessions").fetchall(),
    "before": [ip._orig_sys_module_state["stdout"] is sys.stdout,
               ip._orig_sys_module_state["stderr"] is sys.stderr],
    "kernel": [ip.kernel._stdout is sys.stdout, ip.kernel._stderr is sys.stderr],
    "configured": [name for each in ip.configurables
                   if (name := type(each).__name__) != "IPKernelApp"],
    "extensions": sorted(ip.extension_manager.loaded),
    "names": sorted(name for name in globals() if not name.startswith(("_i", "__"))),
    "filters": [str(each[:3]) for each in warnings.filters if "Trio" in str(each)],
}))
"""
# What tells two notebooks apart.
_IDS = (
    "import json, os\nip = get_ipython()\nsession = ip.kernel.session\n"
    "print(json.dumps([session.session, ip.kernel.ident, ip.displayhook.topic.decode(),"
    " session.msg_id, session.pid == os.getpid(), session.bsession.decode() == session.session,"
    " ip.displayhook.session is session, ip.display_pub.session is session]))"
)


def _own(folder: Path, engine: str, **variables: str | None) -> dict[str, Any]:
    with environment(**variables):
        done = execute(code_notebook([_OWN]), engine, folder)
    assert done.problem is None
    return dict(json.loads(done.text))


@pytest.mark.parametrize("number", [1, 2])
def test_kernel_is_of_its_notebook_s_environment(tmp_path: Path, number: int) -> None:
    """Folders, variables, history and path are an ordinary kernel's, notebook after notebook."""
    folder = tmp_path / f"reports {number}"
    folder.mkdir()
    variables = {
        "IPYTHONDIR": str(tmp_path / f"ipython {number}"),
        "JPY_SESSION_NAME": f"session {number}",
        "VIRTUAL_ENV": str(tmp_path / "of-another"),
        "TERM": "dumb",
        "PAGER": "less",
        "MPLBACKEND": "agg" if number == 1 else None,
        "LPE_TOLD": str(number),
    }
    forked, kernel = (_own(folder, engine, **variables) for engine in (FORK, KERNEL))

    assert forked["ipython"] == variables["IPYTHONDIR"]
    assert forked["profile"][0] == f"{variables['IPYTHONDIR']}/profile_default"
    assert forked["folders"] == [str(folder), str(folder), True]
    assert forked["before"] == forked["kernel"] == [True, True]
    # These are the application's in an ordinary kernel.
    for name in ("profile", "before", "kernel"):
        forked.pop(name), kernel.pop(name)
    assert forked == kernel


def test_ids_are_each_notebook_s_own(tmp_path: Path) -> None:
    """Nothing that was drawn before the fork names two notebooks."""
    first, second = (json.loads(printed(fork_server(), tmp_path, _IDS)) for _ in range(2))

    assert [a for a, b in zip(first, second, strict=True) if a == b] == [True] * 4
    assert first[2] == f"kernel.{first[1]}.execute_result"


def test_making_asks_for_nothing_that_is_not_asked_again() -> None:
    """The variables that making one reads are those that the taking over reads or sets."""
    code = (
        "import os\nseen = set()\n"
        "class Asked(dict):\n"
        "    def __getitem__(self, name):\n"
        "        seen.add(name.decode())\n        return super().__getitem__(name)\n"
        "from lpe_reports.build.forking.warm import import_libraries\n"
        "from lpe_reports.build.forking.kernel import make_kernel\n"
        "import_libraries()\nos.environ.clear()\nos.environ._data = Asked()\nmake_kernel()\n"
        "print(sorted(seen), dict(os.environ), flush=True)\nos._exit(0)"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=100)
    names, _, left = told.partition("] ")
    asked = set(json.loads(names.replace("'", '"') + "]"))
    temporary = {"TEMP", "TMP", "TMPDIR"}  # where the plain environment's folder is
    set_by_kernel = {"TERM", "CLICOLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "PAGER", "GIT_PAGER"}
    folders = {"HOME", "IPYTHONDIR", "XDG_CONFIG_HOME"}

    assert asked <= temporary | set_by_kernel | folders | {"JPY_SESSION_NAME", "VIRTUAL_ENV"}
    assert left == "{}\n"


def test_history_is_the_notebook_s_own_until_its_end(tmp_path: Path) -> None:
    """Its database was opened in its process, and what it holds is closed in order."""
    cells = [
        "first = 1",
        "list(get_ipython().history_manager.get_tail(5, include_latest=True))",
        "import atexit, pathlib\n"
        "unclosed = open('unclosed', 'w')\nunclosed.write('written')\n"
        "atexit.register(pathlib.Path('told').touch);",
    ]
    done = execute(code_notebook(cells), FORK, tmp_path)

    assert done.problem is None
    history = done.outputs["cell-1"][0]["data"]["text/plain"]
    assert "(1, 1, 'first = 1')" in history
    assert (tmp_path / "unclosed").read_text() == "written"
    assert (tmp_path / "told").exists()


def test_first_chart_is_that_of_a_process_that_drew_none(tmp_path: Path) -> None:
    """Altair was used before the fork: names, options and themes are as if it had not been."""
    code = (
        "import altair as alt, json\n"
        "chart = alt.Chart(alt.Data(values=[{'a': 1}])).mark_bar().encode(x='a:Q')\n"
        "print(json.dumps([chart.add_params(alt.param(value=1), alt.selection_point()).to_dict(),"
        " alt.data_transformers.active, alt.data_transformers.options, alt.renderers.active,"
        " alt.theme.active, alt.theme.options]))"
    )
    plain = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=100)

    assert printed(fork_server(), tmp_path, code) == plain
