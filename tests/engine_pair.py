"""The same notebook run by a forked process and by an ordinary kernel, made comparable."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from lpe_reports.build.forking import engine as forking
from lpe_reports.build.forking.server import ForkServer
from lpe_reports.build.running import engines

FORK, KERNEL = forking.FORK, engines.KERNEL

Cells = dict[str, Any]

# What differs between two runs by any engine: addresses, process numbers, random ids, times.
_INHERENT = [
    (re.compile(r"0x[0-9a-f]{6,}"), "0xADDRESS"),
    (re.compile(r"ipykernel_\d+"), "ipykernel_PID"),
    (re.compile(r"altair-viz-[0-9a-f]+"), "altair-viz-ID"),
    (re.compile(r"(CPU times|Wall time):[^\n]*"), r"\1"),
]


@dataclass(frozen=True)
class Executed:
    """A notebook as far as it came, and what stopped it."""

    notebook: Mapping[str, Any]
    problem: Exception | None

    @property
    def outputs(self) -> dict[str, list[Any]]:
        """Each code cell's outputs, by the cell's id."""
        return {c["id"]: c["outputs"] for c in self.notebook["cells"] if c["cell_type"] == "code"}

    @property
    def text(self) -> str:
        """All that was printed."""
        return "".join(
            output["text"]
            for outputs in self.outputs.values()
            for output in outputs
            if output["output_type"] == "stream"
        )

    @property
    def errors(self) -> list[str]:
        """The classes of the errors that cells ended with."""
        return [o["ename"] for each in self.outputs.values() for o in each if "ename" in o]


def code_notebook(cells: Sequence[str], *, tags: Sequence[str] = ()) -> dict[str, Any]:
    """A notebook of code cells with the ids cell-0, cell-1, …"""
    made = [
        nbformat.v4.new_code_cell(code, id=f"cell-{number}", metadata={"tags": list(tags)})
        for number, code in enumerate(cells)
    ]
    return dict(
        nbformat.v4.new_notebook(
            cells=made,
            metadata={
                "kernelspec": {"name": "python3", "display_name": "P", "language": "python"},
                "language_info": {"name": "python"},
            },
        )
    )


def execute(
    notebook: Mapping[str, Any],
    engine: str,
    folder: Path,
    parameters: Mapping[str, Any] | None = None,
    **options: Any,
) -> Executed:
    """Run a notebook by an engine, as a worker does."""
    engines.register()
    forking.register()
    seen: list[Any] = []
    problem: Exception | None = None
    try:
        # With it, kernels leave the file descriptors alone.
        with environment(PYTEST_CURRENT_TEST=None):
            engines.execute_in_memory(
                notebook,
                engine_name=engine,
                folder=str(folder),
                parameters=parameters or {},
                lpe_cell_started=lambda cell_id: None,
                lpe_notebook=seen,
                **options,
            )
    except Exception as error:
        problem = error
    return Executed(dict(seen[0]), problem)


def run_cells(folder: Path, *cells: str, **options: Any) -> Executed:
    """Run some cells in a forked process."""
    return execute(code_notebook(cells), FORK, folder, **options)


def printed(server: ForkServer, folder: Path, code: str) -> str:
    """What a cell prints in a notebook of a fork server of the test's own."""
    with server.notebook(folder=str(folder), memory_bytes=0) as notebook:
        notebook.wait_until_ready(60)
        notebook.channel.send({"id": "a", "code": code, "cell_id": "c"})
        texts = []
        while (message := notebook.channel.receive()) and message["type"] != "execute_reply":
            content = message["content"]
            texts.append(content.get("text") or "\n".join(content.get("traceback", [])))
    return "".join(texts)


def comparable(outputs: Sequence[Mapping[str, Any]]) -> Any:
    """Outputs without what differs between any two runs.

    A kernel sends what is printed when its timer rings, so that one print can be in two pieces.
    """
    joined: list[dict[str, Any]] = []
    for output in outputs:
        if joined and output["output_type"] == "stream":
            last = joined[-1]
            if last.get("name") == output["name"]:
                last["text"] += output["text"]
                continue
        joined.append(dict(output))
    return _without_inherent(json.loads(json.dumps(joined)))


def _without_inherent(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, plain in _INHERENT:
            value = pattern.sub(plain, value)
        return value
    if isinstance(value, list):
        return [_without_inherent(each) for each in value]
    if isinstance(value, dict):
        return {name: _without_inherent(each) for name, each in value.items()}
    return value


@contextmanager
def environment(**variables: str | None) -> Iterator[None]:
    """The environment with some variables set, or unset where None."""
    before = {name: os.environ.get(name) for name in variables}
    _set(variables)
    try:
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
