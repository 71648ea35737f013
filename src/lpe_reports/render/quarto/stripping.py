"""What `quarto render <notebook> --execute` leaves in the source notebook, taken out again.

Quarto writes outputs, and the parameters of its command line, into the very notebook that it was
given. Source notebooks are under version control and hold no outputs: those descend from patients.
`_quarto.yml` names this file as what Quarto runs after rendering; it needs nothing but Python.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_OF_A_RUN = ("execution", "papermill")


def stripped(text: str) -> str:
    """A notebook without outputs, counts and injected parameters, laid out as Jupyter does."""
    notebook: dict[str, Any] = json.loads(text)
    cells = [cell for cell in notebook["cells"] if not _is_injected(cell)]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
            for key in _OF_A_RUN:
                cell["metadata"].pop(key, None)
    notebook["cells"] = cells
    metadata = notebook["metadata"]
    metadata.pop("papermill", None)
    if "name" in metadata.get("language_info", {}):
        metadata["language_info"] = {"name": metadata["language_info"]["name"]}
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def strip_sources(project: Path, outputs: Iterable[str]) -> list[Path]:
    """Strip the notebooks that these pages were rendered from; names those that it changed.

    Args:
        project: The project's folder.
        outputs: The pages that Quarto made, by their paths in the project.
    """
    changed = []
    for output in outputs:
        # build/quarto/reports/followup/weekly.html: the source lies where its last folders say.
        parts = Path(output).with_suffix(".ipynb").parts
        sources = (project.joinpath(*parts[at:]) for at in range(len(parts)))
        source = next((path for path in sources if path.is_file()), None)
        if source is None:
            continue
        before = source.read_text("utf-8")
        after = stripped(before)
        if after != before:
            source.write_text(after, "utf-8")
            changed.append(source)
    return changed


def _is_injected(cell: Any) -> bool:
    return "injected-parameters" in cell["metadata"].get("tags", [])


if __name__ == "__main__":
    made = os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines()
    for path in strip_sources(Path.cwd(), made):
        print(f"outputs taken out of {path.relative_to(Path.cwd()).as_posix()} again")
