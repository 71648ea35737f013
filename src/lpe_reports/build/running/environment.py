"""The environment that a notebook runs in: the same on every machine, without secrets."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from lpe_reports.settings import Project
from lpe_reports.system import POSIX

# What a process needs to start and to find its files. Everything else stays outside: a
# database's password or the re-keying secret is no business of a notebook.
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT",
    "USERPROFILE", "APPDATA", "LOCALAPPDATA", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV",
    "WINDIR", "COMSPEC", "PATHEXT", "PROCESSOR_ARCHITECTURE", "LPE_NOTEBOOK_MEMORY_MB",
)  # fmt: skip

# What says where a notebook's own folders lie, and how each is called. By which of them a program
# finds the folder for temporary files is its own matter.
_FOLDERS = {
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "r",
    **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), "t"),
}

_FIXED = {
    "LPE_RUN": "1",
    "PYTHONHASHSEED": "0",
    # Windows would take the name for a rule of its own and be hours wrong.
    **({"TZ": "Europe/Stockholm"} if POSIX else {}),
    # Runs go side by side, so threads of one only take the other's time.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JUPYTER_NO_CONFIG": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def run_environment(
    project: Project, night: date | str, scratch: Path, outer: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment variables of a worker and of the kernels it starts.

    Args:
        project: The project.
        night: The extract that all runs of a build read, by its day or the name of its folder.
        scratch: An empty folder that takes the place of the user's Jupyter and IPython folders.
        outer: The surrounding environment; this process's own when not given.
    """
    surrounding = os.environ if outer is None else outer
    passed = {name: surrounding[name] for name in _PASSED_ON if name in surrounding}
    return (
        passed
        | _FIXED
        | {
            "LPE_PROJECT": str(project.root),
            "LPE_NIGHT": str(night),
            "IPYTHONDIR": str(scratch / "ipython"),
            "JUPYTER_CONFIG_DIR": str(scratch / "config"),
            "JUPYTER_DATA_DIR": str(scratch / "data"),
            "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        }
    )


@contextlib.contextmanager
def own_folders() -> Iterator[None]:
    """Give one notebook empty folders for IPython, Jupyter and temporary files, gone after its run.

    What a notebook puts there (`%store`, a profile's startup files, a kernel, rows in a temporary
    file) can be patients' values, and the next notebook must not depend on it. All lie in the
    worker's scratch folder, which goes even where a worker is killed; by short names where there
    are sockets. The environment is this process's, which its notebooks get.
    """
    tempfile.gettempdir()  # this process's own, which it remembers, is to outlive the run
    before = {name: os.environ.get(name) for name in _FOLDERS}
    scratch = Path(os.environ["IPYTHONDIR"]).parent
    scratch.mkdir(mode=0o700, exist_ok=True)  # a notebook may have removed it
    with tempfile.TemporaryDirectory(prefix="", dir=scratch, ignore_cleanup_errors=True) as place:
        (Path(place) / _FOLDERS["TMPDIR"]).mkdir(mode=0o700)  # the others are made when wanted
        try:
            os.environ.update({name: str(Path(place) / own) for name, own in _FOLDERS.items()})
            yield
        finally:
            _restore(before)


def _restore(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
