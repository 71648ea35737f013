"""How things stand now, for holding traces against: the night's manifest, and params.

The manifest answers nearly always; data is read, and pandas imported, only for a question whose
parts have changed.
"""

from datetime import date
from typing import TYPE_CHECKING

from lpe_reports.build.planning.traces import Question
from lpe_reports.display.beside import file_digest
from lpe_reports.display.params_record import NIGHT, params_digest
from lpe_reports.errors import LpeError
from lpe_reports.params.loading import Params
from lpe_reports.settings import Project
from lpe_reports.warehouse import questions as asked
from lpe_reports.warehouse.nights.folders import find_night
from lpe_reports.warehouse.nights.manifest import read_manifest, read_seal

if TYPE_CHECKING:
    from lpe_reports.warehouse.snapshots import Extract


class NightEvidence:
    """One night's extract and the params as they are. Runs ask alike, so answers are remembered.

    Args:
        project: The project.
        params: Its params.
        night: The night, by its day or the name of its folder.

    Raises:
        ExtractError: There is no such night, or its manifest is damaged.
    """

    def __init__(self, project: Project, params: Params, night: date | str) -> None:
        self._project = project
        self._params = params
        self._night = night
        folder = find_night(project, night).folder
        self._manifest = read_manifest(folder)
        self._seal = read_seal(folder)
        self._extract: Extract | None = None
        self._entries: dict[str, str | None] = {}
        self._files: dict[str, str] = {}
        self._parts: dict[int, tuple[Question, str]] = {}
        self._answers: dict[str, str | None] = {}

    @property
    def manifest(self) -> str:
        """The seal of the night's manifest."""
        return self._seal

    def params_digest(self, entry: str) -> str | None:
        """The digest of an entry of params; None when there is no such entry any more."""
        if entry == NIGHT:
            return str(self._night).partition(".")[0]
        if entry not in self._entries:
            self._entries[entry] = params_digest(self._params, entry)
        return self._entries[entry]

    def file_digest(self, name: str) -> str:
        """The digest of a file of the project."""
        if name not in self._files:
            self._files[name] = file_digest(self._project.root, name)
        return self._files[name]

    def parts_digest(self, question: Question) -> str:
        """The digest of the manifest's entries that a question matches; reads no data."""
        # Stored traces share what they ask alike, so the object itself is a name for it.
        known = self._parts.get(id(question))
        if known is None:
            digest = asked.parts_digest(self._manifest, _typed(question))
            known = self._parts[id(question)] = (question, digest)
        return known[1]

    def answer_digest(self, question: Question) -> str | None:
        """The digest of a question's answer, asked again; None when it cannot be asked now."""
        key = _key(question)
        if key not in self._answers:
            self._answers[key] = self._ask(question)
        return self._answers[key]

    def _ask(self, question: Question) -> str | None:
        from lpe_reports.warehouse.snapshots import open_extract

        if self._extract is None:
            self._extract = open_extract(self._project, self._night)
        try:
            return self._extract.ask_again(_typed(question)).answer_digest
        except LpeError:
            # A table that is gone, say: the run itself will tell what it makes of that.
            return None


def _key(question: Question) -> str:
    selector = {
        k: v for k, v in question.items() if k not in ("parts_digest", "answer_digest", "rows")
    }
    return repr(sorted(selector.items()))


def _typed(question: Question) -> asked.Question:
    return asked.Question.from_json(question)
