"""Where the fork server's process begins: `python start.py DESCRIPTOR`.

It loads the folder that this file lies in as a package of its own name, see there.
"""

import importlib
import importlib.util
import os
import sys
from pathlib import Path

NAME = "lpe_forking"


def main(descriptor: int) -> None:
    """Load the package under its other name and serve."""
    folder = Path(__file__).resolve().parent
    # The folder of a script comes first in the path; here it would give notebooks our modules.
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != folder]
    spec = importlib.util.spec_from_file_location(
        NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{NAME}.serving").serve(descriptor)


if __name__ == "__main__":
    main(int(sys.argv[1]))
    # Nothing is left to be put in order, and libraries need not be taken down.
    os._exit(0)
