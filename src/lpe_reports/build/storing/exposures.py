"""What each page lets an outsider know, kept beside its trace: shown counts, and which are hidden.

A page's ledger records it; no hidden number is in it. The build looks at all of them together
after the runs. The bytes are the same for the same record, and their digest stands in the trace,
so a file that is damaged or gone is noticed, and its run made again.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.store import file_digest, write_whole
from lpe_reports.settings import Project

Record = Mapping[str, Any]


def put_exposure(project: Project, key: RunKey, record: Record) -> str:
    """Keep what a run's page lets an outsider know; returns the digest of its file."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Without a time in it, so that the same record is the same bytes.
    data = gzip.compress(text.encode(), mtime=0)
    # Like the notebook, it descends from patient data.
    write_whole(exposure_path(project, key), data, mode=0o600)
    return hashlib.sha256(data).hexdigest()


def has_exposure(project: Project, key: RunKey, digest: str | None) -> bool:
    """Whether the file that a trace names is there and whole; so it is where it names none."""
    place = f"{project.store}/exposures/{key.report}/{key.unit}/{key.period}.json.gz"
    return digest is None or file_digest(place) == digest


def read_exposure(project: Project, key: RunKey, digest: str | None) -> Record | None:
    """The record that a trace names; None when it names none, or it is missing or damaged."""
    data = None if digest is None else _read(project, key, digest)
    if data is None:
        return None
    record = json.loads(gzip.decompress(data))
    return record if isinstance(record, dict) else None


def remove_exposure(project: Project, key: RunKey) -> None:
    """Take a run's exposure away, so that the run is made again."""
    exposure_path(project, key).unlink(missing_ok=True)


def exposure_path(project: Project, key: RunKey) -> Path:
    """Where the exposure of a run lies, if it does."""
    return project.store / "exposures" / key.report / key.unit / f"{key.period}.json.gz"


def _read(project: Project, key: RunKey, digest: str) -> bytes | None:
    try:
        data = exposure_path(project, key).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == digest else None
