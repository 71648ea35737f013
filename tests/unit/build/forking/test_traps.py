"""What makes forked notebooks treacherous, one test for each trap."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import altair
import pytest
import vl_convert

from engine_pair import (
    FORK,
    KERNEL,
    code_notebook,
    comparable,
    environment,
    execute,
    printed,
    run_cells,
)
from lpe_reports.build.forking import start, warm
from lpe_reports.build.forking.server import ForkServer, fork_server

pytestmark = pytest.mark.promise("notebooks", "Nothing goes over from one notebook to the next")

UNSAFE = {
    # Used, not imported, before a fork, these hang what is forked; imported they do not.
    "duckdb": "import duckdb\nduckdb.connect().execute('select 42').fetchall()[0][0]",
    "vl-convert": (
        "import vl_convert\n"
        "'<svg' in vl_convert.vegalite_to_svg("
        "{'mark': 'bar', 'data': {'values': [{'a': 1}]}, 'encoding': {'x': {'field': 'a'}}})"
    ),
    "typst": "import typst\nlen(typst.compile(b'= Title')) > 1000",
    "pyarrow": "import pyarrow as pa\npa.array(range(10**6)).sum().as_py()",
    "zmq": "import zmq\nzmq.Context().socket(zmq.PUB).closed",
    "blas": "import numpy as np\nfloat(np.linalg.det(np.eye(300)))",
    "pandas": (
        "import pandas as pd\nint(pd.DataFrame({'a': range(10**5)}).groupby('a').size().sum())"
    ),
}


def _result(folder: Path, *cells: str) -> str:
    """What the last cell's result reads."""
    done = run_cells(folder, *cells)
    assert done.problem is None
    return str(done.outputs[f"cell-{len(cells) - 1}"][-1]["data"]["text/plain"])


def test_fork_server_has_one_thread_after_its_imports() -> None:
    """pandas starts none of PyArrow's, NumPy none of OpenBLAS's: a fork loses no lock's holder."""
    assert fork_server().threads == 1


def test_fork_server_finds_all_it_is_to_import() -> None:
    """A library that left the list of dependencies would cost its import in every notebook."""
    assert fork_server().missing == ()


def test_forking_warns_of_no_threads(tmp_path: Path) -> None:
    """Python 3.12 and later warn when a process with threads forks; here the server never has."""
    code = (
        "import sys, warnings; warnings.simplefilter('error'); sys.path.insert(0, sys.argv[1])\n"
        "from engine_pair import run_cells\nimport pathlib\n"
        "print(run_cells(pathlib.Path(sys.argv[2]), 'print(1)').text)"
    )
    arguments = [sys.executable, "-c", code, str(Path(__file__).parents[3]), str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)

    assert done.stdout.strip() == "1"
    assert "multi-threaded" not in done.stderr


@pytest.mark.parametrize("library", UNSAFE)
def test_libraries_work_in_a_forked_process(tmp_path: Path, library: str) -> None:
    """Nothing was used before the fork that would hang after it."""
    done = run_cells(tmp_path, UNSAFE[library], execution_timeout=200)

    assert done.problem is None
    assert done.outputs["cell-0"][-1]["data"]["text/plain"] in ("True", "False", "42", "1.0",
        "499999500000", "100000")  # fmt: skip


def test_fork_server_imports_third_party_only() -> None:
    """Neither what it is told to import nor what it is made of is of this package's name."""
    folder = Path(start.__file__).parent

    assert not [n for n in (*warm.NEEDED, *warm.USEFUL) if n.startswith("lpe_reports")]
    for name in (
        "channel",
        "child",
        "kernel",
        "pages",
        "processes",
        "serving",
        "session",
        "streams",
        "takeover",
        "warm",
    ):
        tree = ast.parse((folder / f"{name}.py").read_text())
        imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        imported += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        assert not [each for each in imported if each.startswith("lpe_reports")], name


def test_changed_module_is_read_by_the_next_notebook(tmp_path: Path) -> None:
    """The server is not started anew, and still no notebook sees an old version of a module."""
    module = tmp_path / "of_the_office.py"
    found = []
    for version in (1, 22):
        module.write_text(f"version = {version}\n")
        found.append(_result(tmp_path, "import of_the_office\nof_the_office.version"))

    assert found == ["1", "22"]


def test_tables_are_as_wide_as_in_a_kernel(tmp_path: Path) -> None:
    """pandas decides at its import whether it is in a terminal; imported early, it must not."""
    cells = ["import pandas as pd", "pd.DataFrame([range(60)])", "pd.options.display.max_columns"]
    forked, kernel = (execute(code_notebook(cells), e, tmp_path) for e in (FORK, KERNEL))

    assert _plain(forked.outputs["cell-2"]) == "20"
    for cell in ("cell-1", "cell-2"):
        assert comparable(forked.outputs[cell]) == comparable(kernel.outputs[cell])


def test_random_numbers_are_each_notebook_s_own(tmp_path: Path) -> None:
    """Two notebooks do not draw the numbers that the server would have drawn."""
    code = (
        "import random, numpy as np, uuid, tempfile, os\n"
        "[random.random(), float(np.random.random()), float(np.random.default_rng().random()),"
        " str(uuid.uuid4()), next(tempfile._get_candidate_names())]"
    )
    first, second = (json.loads(_result(tmp_path, code).replace("'", '"')) for _ in range(2))

    assert [a for a, b in zip(first, second, strict=True) if a == b] == []


def test_hashes_are_the_same_every_time(tmp_path: Path) -> None:
    """Texts are hashed alike in every notebook of every build, so that sets have one order."""
    with environment(PYTHONHASHSEED=None):
        server = ForkServer(60)
    try:
        text = printed(server, tmp_path, "print(hash('text'))")
    finally:
        server.close()
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    plain = subprocess.check_output(
        [sys.executable, "-c", "print(hash('text'))"], env=environ, text=True
    )

    assert text == plain


def test_nothing_is_left_to_the_next_notebook(tmp_path: Path) -> None:
    """Options, environment, patches, modules, folder and signal handlers go with their process."""
    spoil = (
        "import os, sys, signal, builtins, json, pandas as pd, altair as alt\n"
        "pd.options.display.max_rows = 3\nos.environ['LPE_SPOILT'] = '1'\n"
        "json.dumps = None\nbuiltins.spoilt = 1\nsys.modules['spoilt'] = json\n"
        "os.chdir('/')\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "alt.data_transformers.disable_max_rows()\nsys.path.insert(0, '/spoilt')"
    )
    look = (
        "import os, sys, signal, builtins, json, pandas as pd, altair as alt\n"
        "[pd.options.display.max_rows, 'LPE_SPOILT' in os.environ, json.dumps is None,"
        " hasattr(builtins, 'spoilt'), 'spoilt' in sys.modules, os.getcwd() == '/',"
        " signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,"
        " alt.data_transformers.options, '/spoilt' in sys.path]"
    )
    before = _result(tmp_path, look)
    run_cells(tmp_path, spoil)

    assert _result(tmp_path, look) == before
    assert before == "[60, False, False, False, False, False, True, {}, False]"


def test_output_of_descriptors_stands_where_it_was_written(tmp_path: Path) -> None:
    """`os.system` between two prints, and a subprocess after them, are shown in that order."""
    code = (
        "import os, subprocess\nprint('one')\nos.system('echo two')\nprint('three')\n"
        "subprocess.run(['echo', 'four'])\nos.write(1, 'fem ä\\n'.encode());"
    )

    assert run_cells(tmp_path, code).text == "one\ntwo\nthree\nfour\nfem ä\n"


def test_more_than_a_pipe_holds_is_shown_whole(tmp_path: Path) -> None:
    """A program that writes a megabyte waits for nobody."""
    done = run_cells(tmp_path, "import os\nos.system('seq 1 150000')", execution_timeout=200)

    assert done.text.split() == [str(number) for number in range(1, 150_001)]


def test_stdout_comes_before_stderr_however_slow_a_cell_is(tmp_path: Path) -> None:
    """The same cell gives the same outputs on a slow machine; a kernel's would depend on it."""
    code = (
        "import sys, time\nprint('e', file=sys.stderr)\ntime.sleep(0.5)\nprint('o')\n"
        "time.sleep(0.5)\nprint('e', file=sys.stderr)"
    )
    outputs = run_cells(tmp_path, code).outputs["cell-0"]

    assert [(o["name"], o["text"]) for o in outputs] == [("stdout", "o\n"), ("stderr", "e\ne\n")]


def test_same_notebook_gives_the_same_outputs_twice(tmp_path: Path) -> None:
    """Beside ids that are random by themselves, nothing depends on when or where it ran."""
    cells = [
        "import warnings, sys, pandas as pd\nwarnings.warn('w')\nprint({'b', 'a', 'c'})",
        "import subprocess\nsubprocess.run(['echo', 'x'])\nprint('y', file=sys.stderr)",
        "pd.DataFrame({'a': [1]})",
    ]
    first, second = (run_cells(tmp_path, *cells).outputs for _ in range(2))

    assert {k: comparable(v) for k, v in first.items()} == {
        k: comparable(v) for k, v in second.items()
    }


def test_warnings_name_cells_as_the_store_expects(tmp_path: Path) -> None:
    """The file of a cell has a kernel's form of name, which is taken out of stored notebooks."""
    text = run_cells(tmp_path, "import warnings\nwarnings.warn('w')").text

    assert re.match(r"\S+/ipykernel_\d+/\d+\.py:2: UserWarning: w", text)


def test_classes_of_the_notebook_can_be_pickled(tmp_path: Path) -> None:
    """`__main__` is the notebook in the very process that runs it, and in those it starts."""
    cells = (
        "import pickle, multiprocessing\nclass Row:\n    def __init__(self, n): self.n = n\n"
        "def grow(row): return Row(row.n + 1)",
        "with multiprocessing.get_context('fork').Pool(1) as pool:\n"
        "    grown = pool.map(grow, [Row(1)])\n(pickle.loads(pickle.dumps(Row(5))).n, grown[0].n)",
    )

    assert _result(tmp_path, *cells) == "(5, 2)"


def test_charts_are_drawn_by_the_vega_lite_that_altair_writes_for() -> None:
    """vl-convert brings its own; with another one charts are drawn differently, or not at all."""
    newest = vl_convert.get_vegalite_versions()[-1]

    assert altair.SCHEMA_VERSION.removeprefix("v").startswith(f"{newest}.")


def _plain(outputs: list[dict[str, dict[str, str]]]) -> str:
    return outputs[-1]["data"]["text/plain"]
