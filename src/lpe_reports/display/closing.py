"""Closing a page: where its numbers come from, and the trace of all that it depended on."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from lpe_reports.display.blocks import ProvenanceBlock
from lpe_reports.display.params_record import ParamsRecord
from lpe_reports.warehouse.snapshots import Extract

PACKAGE = "lpe_reports"
# What runs a notebook; no notebook can depend on what it says.
_OUTER = ("build", "render", "publish", "cli")


def provenance(
    extract: Extract, *, notebook: str, parameters: dict[str, Any], definitions: tuple[str, ...]
) -> ProvenanceBlock:
    """What the page was made from; holds no time, so the same inputs give the same block."""
    answers = [question.answer_digest for question in extract.questions]
    digest = hashlib.sha256(json.dumps(answers).encode()).hexdigest()
    return ProvenanceBlock(
        extract=extract.night.isoformat(),
        digest=digest,
        rows=sum(question.rows for question in extract.questions if question.about == "rows"),
        notebook=notebook,
        parameters=parameters,
        definitions=definitions,
    )


def trace(extract: Extract, record: ParamsRecord) -> dict[str, Any]:
    """Everything the run depended on: questions with answers, entries of params, own modules."""
    return {
        "questions": [question.to_json() for question in extract.questions],
        "params": record.digests(),
        "modules": imported_modules(),
    }


def imported_modules() -> dict[str, str]:
    """The package's modules that are imported now, with the SHA-256 of their source."""
    found = {}
    for name, module in sorted(sys.modules.items()):
        package, _, rest = name.partition(".")
        if package != PACKAGE or rest.partition(".")[0] in _OUTER:
            continue
        file = getattr(module, "__file__", None)
        if file is not None:
            found[name] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return found
