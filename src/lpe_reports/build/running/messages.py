"""What the build and its worker processes say to each other: one JSON object per line."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Job:
    """One notebook to run; everything a worker needs, so that it reads no params itself."""

    stem: str  # the run as the name of a file, for its private log
    notebook: Mapping[str, Any]  # made ready by `executed.prepare`
    parameters: Mapping[str, object]
    folder: str  # the working folder of the cells
    timeout_seconds: float
    engine: str = "lpe-kernel"  # the name of a papermill engine


@dataclass(frozen=True)
class Started:
    """A cell begins; `processes` are the kernel's."""

    cell: int | None  # as its author counts; None for the closing cell
    processes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Finished:
    """The notebook ran to its closing mark and is in the store."""

    notebook: str  # its key in the store
    trace: Mapping[str, Any] = field(default_factory=dict)
    peak_bytes: int = 0  # the most memory it had; 0 when nobody looked


@dataclass(frozen=True)
class Failed:
    """The notebook did not reach its closing mark."""

    kind: str  # a FailureKind
    cell: int | None = None
    error_class: str | None = None
    tables: tuple[str, ...] = ()  # those that gave not one row, of NO_ROWS
    text: str = ""  # what an error of the package's own says; holds no data value
    peak_bytes: int = 0


Message = Job | Started | Finished | Failed
_TYPES: dict[str, type[Message]] = {
    kind.__name__: kind for kind in (Job, Started, Finished, Failed)
}


def encode(message: Message) -> bytes:
    """A message as one line."""
    body = asdict(message) | {"message": type(message).__name__}
    return json.dumps(body, ensure_ascii=False).encode() + b"\n"


def decode(line: bytes) -> Message:
    """The message of a line.

    Raises:
        ValueError: The line is no message (it was cut, for instance).
    """
    try:
        body = json.loads(line)
        if "tables" in body:
            body["tables"] = tuple(body["tables"])
        return _TYPES[body.pop("message")](**body)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a message") from error
