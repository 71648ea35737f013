"""What the notebook's file holds beside what its author wrote."""

from collections.abc import Iterator

from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Level, Part, rule
from lpe_reports.cli.checks.notebook import Notebook

_FIX = "`lpe check --fix` clears it; in JupyterLab: Edit, Clear Outputs of All Cells"
_NO_FIX = "its file is not UTF-8, so `lpe check --fix` clears nothing; save it as UTF-8 first"
KERNEL = "python3"
# What tools leave behind: states of widgets hold values, the others places and people.
_LEFT = {
    "widgets": "the state of widgets, which holds values",
    "papermill": "papermill's record of a run",
    "colab": "Colab's record, with places and people",
    "accelerator": "Colab's record, with places and people",
    "signature": "a signature of another place",
    "varInspector": "the variables of a session",
    "dataframes": "frames of a session",
    "execution": "clock times of a run",
    "ExecuteTime": "clock times of a run",
    "executionInfo": "who ran it, and when",
    "outputId": "an output's place elsewhere",
}


@rule(
    "outputs",
    Part.FILE,
    "A cell stored with outputs.",
    "They can hold patients' values: `lpe check --fix` clears them.",
    allowed=False,
)
def outputs(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """What a cell shows can hold patients' values, and would stay in the history for ever."""
    fix = _FIX if notebook.is_utf8 else _NO_FIX
    for cell in notebook.cells:
        if cell.document.get("outputs"):
            yield Hit(f"it holds outputs, which can hold patients' values; {fix}", cell.number)


@rule(
    "execution-count",
    Part.FILE,
    "A cell stored with the number of its last execution.",
    "It changes with every run: `lpe check --fix` clears it.",
    allowed=False,
)
def execution_counts(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Every run would be a change to look through."""
    fix = _FIX if notebook.is_utf8 else _NO_FIX
    for cell in notebook.code_cells:
        if cell.document.get("execution_count") is not None:
            yield Hit(f"it holds the number of its last execution; {fix}", cell.number)


@rule(
    "stored-state",
    Part.FILE,
    "Metadata that a tool or a run left: widgets' states, papermill's and Colab's records, times.",
    "Remove the key, in JupyterLab in the Property inspector under Advanced Tools.",
    allowed=False,
)
def left_behind(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """It holds values, places, people or clock times, and nobody reads it."""
    places: list[tuple[int | None, object]] = [(None, notebook.document["metadata"])]
    places += [(cell.number, cell.document["metadata"]) for cell in notebook.cells]
    for number, metadata in places:
        for key in metadata if isinstance(metadata, dict) else ():
            if key in _LEFT:
                said = (
                    f"the metadata hold '{key}', {_LEFT[key]}; remove the key (Property inspector)"
                )
                yield Hit(said, number)


@rule(
    "kernel",
    Part.FILE,
    "Another kernel than `python3`, or another language.",
    "In JupyterLab: Kernel, Change Kernel, Python 3 (ipykernel).",
    allowed=False,
)
def kernel(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """One of your own is not on the next machine."""
    metadata = notebook.document["metadata"]
    kernelspec = metadata.get("kernelspec", {})
    language = metadata.get("language_info", {}).get("name", "python")
    if kernelspec.get("language", language) != "python" or language != "python":
        yield Hit("its kernel's language is not Python; choose Python 3 (ipykernel)")
    elif kernelspec.get("name", KERNEL) != KERNEL:
        yield Hit(
            f"its kernel is '{kernelspec['name']}', which other machines have not; in JupyterLab: "
            "Kernel, Change Kernel, Python 3 (ipykernel)"
        )


@rule(
    "cell-id",
    Part.FILE,
    "Two cells with one id.",
    "Cut one of them and paste it again, which gives it a new id.",
    allowed=False,
)
def cell_ids(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Comparisons and runs take cells by their ids."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        id_ = cell.document.get("id")
        if isinstance(id_, str) and seen.setdefault(id_, cell.number) != cell.number:
            said = f"its id '{id_}' is that of cell {seen[id_]}; cut it and paste it again"
            yield Hit(said, cell.number)


@rule(
    "cell-id-missing",
    Part.FILE,
    "Cells without ids, as tools before 2021 wrote them.",
    "Open and save the notebook in JupyterLab.",
    level=Level.NOTE,
    allowed=False,
)
def without_ids(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """What is changed is then harder to see."""
    if any("id" not in cell.document for cell in notebook.cells):
        yield Hit("its cells have no ids; open and save it in JupyterLab")


@rule(
    "secret",
    Part.FILE,
    "A password, a key or a way into a server, anywhere in the file.",
    "Take it away and change it: it stays in the history. Secrets stand in the environment.",
    allowed=False,
)
def secrets(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """By the patterns of the gate, which would stop the page."""
    from lpe_reports.publish.rules.secrets import is_secret

    said = (
        "a password, a key or a way into a server; take it away and change it: it stays in history"
    )
    if is_secret(str(notebook.document["metadata"])):
        yield Hit(f"the metadata hold {said}")
    for cell in notebook.cells:
        if is_secret(f"{cell.source}\n{cell.document['metadata']}"):
            yield Hit(said, cell.number)


@rule(
    "personal-number",
    Part.FILE,
    "A personal identity number, anywhere in the file.",
    "Take it away; if it was committed, tell whoever answers for the data.",
    allowed=False,
)
def personal_numbers(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Nothing of a person stands in a notebook."""
    from lpe_reports.warehouse.personal_numbers import personal_numbers_in

    for cell in notebook.cells:
        for start, _ in personal_numbers_in(cell.source):
            line = cell.source.count("\n", 0, start) + 1
            yield Hit("a personal identity number; take it away", cell.number, line)
