"""What the fork server imports, and how it does so without leaving traces of itself.

Importing is nearly all it does: a library that is used before a fork can leave threads and locks
that the forked process waits for in vain (DuckDB connections, polars, vl-convert and typst do).
"""

import builtins
import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Iterator
from types import SimpleNamespace

# Set before anything is imported: libraries read them once, and start threads by them.
ENVIRONMENT = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # To find a large page, the system moves others aside: for a process of half a second that now
    # and then costs a third of it.
    "MIMALLOC_ALLOW_THP": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
# Not the notebook's business; the kernel of an ordinary run does not have them.
_ONLY_WHILE_IMPORTING = ("JE_ARROW_MALLOC_CONF", "MIMALLOC_ALLOW_THP")

# What runs a notebook comes first: without these there is no engine.
NEEDED = ("ipykernel.ipkernel", "ipykernel.debugger", "ipykernel.eventloops", "psutil")
# What notebooks and `lpe_reports` import, late imports too. One that is missing here costs its
# import in every notebook, and nothing else. Prefixes of this package's own name are not allowed.
USEFUL = (
    "IPython.core.application",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "altair",
    "annotated_types",
    "duckdb",
    "fractions",
    "holidays.countries.sweden",
    "numpy.ma",
    "numpy.random",
    "pandas",
    "pandas.core.arrays.arrow._arrow_utils",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.html",
    "pandas.io.formats.style",
    "pandas.io.formats.string",
    "pdb",
    "pyarrow.compute",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "pydantic",
    "resource",
    "ruamel.yaml",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.special",
    "sqlite3",
    "tornado.platform.asyncio",
    "zoneinfo",
)


def import_libraries() -> list[str]:
    """Import them all; returns those that this machine does not have."""
    with as_in_a_kernel():
        for name in NEEDED:
            importlib.import_module(name)
        missing = []
        for name in USEFUL:
            try:
                importlib.import_module(name)
            except ImportError:
                missing.append(name)
        _use_once()
    for name in _ONLY_WHILE_IMPORTING:
        os.environ.pop(name, None)
    freeze()
    return missing


def _use_once() -> None:
    """Let Altair make what it keeps from the first chart on: patterns, schemas, plugins.

    It is Python alone, and what it names in a chart it names by the chart's contents: the first
    chart of a notebook is as it would be.
    """
    with contextlib.suppress(ImportError):
        altair = importlib.import_module("altair")
        altair.Chart().mark_line().encode(x="a:N", y="b:Q").to_dict()


def freeze() -> None:
    """Let all that is there live on.

    No collection in a forked process then touches, and copies, its pages.
    """
    gc.collect()
    gc.freeze()


def renew_seeds() -> None:
    """Give a forked process random numbers of its own; `random` sees to itself."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()


@contextlib.contextmanager
def as_in_a_kernel() -> Iterator[None]:
    """Answer those that ask at their import whether they are in a notebook.

    pandas decides by it how many columns a table may show, once and for all.
    """
    shell = SimpleNamespace(kernel=True, config={}, has_trait=lambda name: True)
    builtins.get_ipython = lambda: shell  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
