"""A peer: papermill and nbconvert called as libraries, in two processes.

python tests/bench/pooled.py NOTEBOOK FOLDER UNIT=PERIOD ...
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path


def make(notebook: str, folder: str, words: str) -> None:
    """One page: executed, and as HTML."""
    import papermill
    from nbconvert import HTMLExporter

    unit, _, period = words.partition("=")
    done = Path(folder, f"pooled-{unit}-{period}.ipynb")
    papermill.execute_notebook(
        notebook, str(done), parameters={"unit": unit, "period": period}, progress_bar=False
    )
    html, _ = HTMLExporter().from_filename(str(done))
    done.with_suffix(".html").write_text(html, encoding="utf-8")


if __name__ == "__main__":
    source, target, *pages = sys.argv[1:]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(partial(make, source, target), pages))
