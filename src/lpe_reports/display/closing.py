"""Closing a page: where its numbers come from, and the trace of all that it depended on."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.display import beside
from lpe_reports.display.blocks import ProvenanceBlock
from lpe_reports.display.params_record import ParamsRecord
from lpe_reports.errors import NoRowsError
from lpe_reports.periods import Period
from lpe_reports.warehouse.nights.manifest import read_seal
from lpe_reports.warehouse.questions import Question
from lpe_reports.warehouse.snapshots import Extract


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


def check_rows(extract: Extract, required: Sequence[str], period: Period) -> None:
    """Refuse a page that has nothing to show: tables of which it got not one row.

    Of a table that was asked for days of the page's own period alone, only those questions
    count: other years of an empty one say nothing of it. A period that is under way has time
    yet: in the first days of a year nobody has been operated on.

    Args:
        extract: The night, with all questions that the page has asked.
        required: The tables that the report cannot do without.
        period: The page's period.

    Raises:
        NoRowsError: Names the tables.
    """
    if period.end > extract.night:
        return
    missing = [table for table in required if not _has_rows(extract.questions, table, period)]
    if missing:
        raise NoRowsError(missing)


def _has_rows(questions: Sequence[Question], table: str, period: Period) -> bool:
    asked = [each for each in questions if each.table == table and each.about == "rows"]
    own = [each for each in asked if _is_within(each, period)]
    return any(each.rows for each in own or asked)


def _is_within(question: Question, period: Period) -> bool:
    start, end = question.start, question.end
    return start is not None and end is not None and period.start <= start and end <= period.end


def trace(extract: Extract, record: ParamsRecord, ledger: Ledger, root: Path) -> dict[str, Any]:
    """Everything the run depended on, and what its page has shown of whom.

    Questions with answers, entries of params, modules and files; in `exposure` no hidden number.
    """
    return {
        "questions": [question.to_json() for question in extract.questions],
        "params": record.digests(),
        "modules": beside.imported_modules() | beside.used(root),
        "exposure": ledger.record(),
        "manifest": read_seal(extract.folder),
    }
