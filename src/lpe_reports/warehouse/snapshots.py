"""Opening a night and reading slices of it, each verified before a number is taken from it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa

from lpe_reports.errors import ExtractError, UsageError
from lpe_reports.settings import Project
from lpe_reports.warehouse import questions as asked
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import empty_table, stored_schema, to_frame
from lpe_reports.warehouse.nights.digests import bytes_sha256, rows_digest
from lpe_reports.warehouse.nights.folders import find_night
from lpe_reports.warehouse.nights.manifest import (
    Manifest,
    Part,
    StoredFile,
    TableManifest,
    read_manifest,
)
from lpe_reports.warehouse.nights.parquet import Rows, read_rows
from lpe_reports.warehouse.questions import Prefix, Question, make_question
from lpe_reports.warehouse.selection import Selection
from lpe_reports.warehouse.tables import TABLES, table_contract

__all__ = ["Extract", "Prefix", "open_extract"]

# "The nearest earlier one within three days", when the list of the wanted day is missing.
NEAREST_DAYS = 3

# Files that this process has verified; a file of a night is never written again.
_verified: set[tuple[str, str]] = set()


class Extract:
    """One night: what it holds, and every question that was asked of it.

    Args:
        night: The night's day.
        folder: Its folder.
        manifest: Its manifest.
    """

    def __init__(self, night: date, folder: Path, manifest: Manifest) -> None:
        self.night = night
        self.folder = folder
        self.manifest = manifest
        self.questions: list[Question] = []

    def has(self, table: str) -> bool:
        """Whether the night holds a table; recorded, since a page may say that it is missing.

        Raises:
            UsageError: The contract has no such table.
        """
        contract = table_contract(table)
        return bool(self._ask_manifest(Question(contract.name, about="has")))

    def read(
        self,
        table: str,
        *,
        units: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        where: Mapping[str, object] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """The rows of a table that a selection keeps, as a canonical frame; recorded.

        Args:
            table: The table.
            units: Values of its unit column; None for all.
            start: The first day, on its time column, in Swedish time.
            end: The day after the last.
            where: Column → a value (None: null), a list of values, or a `Prefix`.
            columns: The columns wanted, in this order; None for all of the contract.

        Returns:
            The rows, by unit and time.

        Raises:
            UsageError: There is no such table, column or selector.
            ExtractError: The night does not hold the table, or a part of it is damaged.
        """
        question = make_question(
            table, units=units, start=start, end=end, where=where, columns=columns
        )
        answered, rows = self._answer(question)
        self.questions.append(answered)
        return to_frame(rows, TABLES[table])

    def snapshot_dates(self, list_: str) -> list[date]:
        """The days on which a waiting list was stored, oldest first; recorded.

        A page that asks this changes with every night; `snapshot_on` changes only with the days
        that it could have given.
        """
        question = _about_list(list_, "dates")
        return [date.fromisoformat(day) for day in self._ask_manifest(question)]

    def snapshot_on(self, list_: str, day: date) -> date | None:
        """The day whose stored list shows how things stood on a day; recorded.

        Returns:
            The day itself, else the nearest earlier one within three days, else None.
        """
        start, end = day - timedelta(days=NEAREST_DAYS), day + timedelta(days=1)
        found = self._ask_manifest(_about_list(list_, "nearest", start, end))
        return date.fromisoformat(found[0]) if found else None

    def first_day(self, table: str) -> date | None:
        """The first day of the first period that a table has rows of; recorded.

        Raises:
            UsageError: The contract has no such table.
        """
        found = self._ask_manifest(Question(table_contract(table).name, about="first"))
        period = found[0] if found else ""
        return date.fromisoformat(f"{period}-01"[:10]) if period else None

    def parts_digest(self, question: Question) -> str:
        """The digest of what a question would be answered from, by the manifest alone."""
        return asked.parts_digest(self.manifest, question)

    def ask_again(self, question: Question) -> Question:
        """The same question with the digests of tonight's answer; not recorded."""
        if question.about != "rows":
            return self._answer_from_manifest(question)[0]
        return self._answer(question)[0]

    def verify(self) -> None:
        """Verify every file of the night, as it lies there now.

        Raises:
            ExtractError: A file is missing or damaged; names it.
        """
        for table in self.manifest.tables.values():
            for stored in table.stored:
                _verified.discard((str(self.folder / stored.path), stored.sha256))
                self._content(stored)

    def _ask_manifest(self, question: Question) -> list[str]:
        answered, answer = self._answer_from_manifest(question)
        self.questions.append(answered)
        return answer

    def _answer_from_manifest(self, question: Question) -> tuple[Question, list[str]]:
        answer = asked.answer_from_manifest(self.manifest, question)
        digest = asked.digest_of(answer)
        return question.answered(digest, digest, len(answer)), answer

    def _answer(self, question: Question) -> tuple[Question, pa.Table]:
        contract = TABLES[question.table]
        table = self.manifest.tables.get(contract.name)
        if table is None:
            raise ExtractError(
                f"the extract of {self.night} has no table {contract.name}: source "
                f"{self.manifest.source} does not hand it over (params/sources.yml)"
            )
        parts = asked.select_parts(self.manifest, question)
        rows = self._rows(table, contract, parts, question)
        digests = self.parts_digest(question), rows_digest(rows)
        return question.answered(*digests, rows.num_rows), rows

    def _rows(
        self, table: TableManifest, contract: TableContract, parts: list[Part], question: Question
    ) -> pa.Table:
        wanted = list(question.columns or contract.names)
        schema = stored_schema(contract.columns)
        chosen = [contract.column(name) for name in wanted]
        selection = Selection(question, contract)
        columns = list(dict.fromkeys((*wanted, *selection.columns)))
        pieces = {-1: empty_table(chosen)}
        for number, runs in _runs_by_file(parts, selection).items():
            stored, of_runs = table.files[number], [part for run in runs.values() for part in run]
            ranges = [Rows(part.first_row, part.rows) for part in of_runs]
            try:
                rows = read_rows(self._content(stored), ranges, columns, schema)
            except ExtractError:
                raise self._damaged(stored) from None
            first = 0
            for place, run in runs.items():
                number_of_rows = sum(part.rows for part in run)
                kept = selection.keep(rows.slice(first, number_of_rows), run[0].period)
                pieces[place] = kept.select(wanted)
                first += number_of_rows
        return pa.concat_tables(pieces[place] for place in sorted(pieces))

    def _content(self, stored: StoredFile) -> bytes:
        """A file's bytes, whose SHA-256 this process has compared with the manifest once."""
        path = self.folder / stored.path
        try:
            content = path.read_bytes()
        except OSError:
            raise self._damaged(stored) from None
        known = str(path), stored.sha256
        if known not in _verified:
            if bytes_sha256(content) != stored.sha256:
                raise self._damaged(stored)
            _verified.add(known)
        return content

    def _damaged(self, stored: StoredFile) -> ExtractError:
        return ExtractError(
            f"the part {stored.path} of the extract {self.folder.name} is missing, cut or "
            "changed since it was loaded; nothing was read from it. Run `lpe extract` to load "
            "the night again."
        )


def open_extract(project: Project, night: date | str | None = None) -> Extract:
    """A night of a project: the last load of a day, a folder by its name, or the newest night.

    Raises:
        ExtractError: There is none, or its manifest is damaged.
    """
    found = find_night(project, night)
    return Extract(found.date, found.folder, read_manifest(found.folder))


def _about_list(
    list_: str, about: str, start: date | None = None, end: date | None = None
) -> Question:
    contract = TABLES["waiting_list"]
    lists = contract.column("list").values
    if list_ not in lists:
        raise UsageError(f"there is no waiting list '{list_}'; there are {', '.join(lists)}")
    return Question(contract.name, None, start, end, (("list", list_),), about=about)


def _runs_by_file(parts: list[Part], selection: Selection) -> dict[int, dict[int, list[Part]]]:
    """The files that parts lie in, each with runs of its parts, by the place of a run's first.

    Rows are given in the order of the parts, so how a night's files are divided does not show in
    an answer. The parts of a run follow each other and lie in one file; one that a selection cuts
    is a run of its own.
    """
    files: dict[int, dict[int, list[Part]]] = {}
    run: list[Part] = []
    for place, part in enumerate(parts):
        cut = selection.cuts(part.period)
        if not run or cut or run[-1].file != part.file or selection.cuts(run[-1].period):
            run = files.setdefault(part.file, {}).setdefault(place, [])
        run.append(part)
    return files
