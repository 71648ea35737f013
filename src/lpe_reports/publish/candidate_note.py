"""Whether the last build ended, and whether its candidate is the whole site.

A build of a selection makes a candidate to look at. Published, it would take every other page
away, so publishing asks here first.
"""

import json
import time

from lpe_reports.build.storing.store import write_whole
from lpe_reports.errors import NothingToPublishError
from lpe_reports.settings import Project

_NAME = "candidate.json"


def begin_candidate(project: Project) -> float:
    """A build begins to lay the candidate: until it ends, there is none to publish.

    Returns:
        When that was, in seconds since 1970: pages that were used since are the candidate's.
    """
    (project.build / _NAME).unlink(missing_ok=True)
    return time.time()


def note_candidate(project: Project, began: float, *, whole: bool) -> None:
    """The candidate is laid; `whole` when it has every page of the night."""
    body = {"whole": whole, "began": began}
    write_whole(project.build / _NAME, json.dumps(body).encode())


def check_candidate(project: Project) -> None:
    """Pass when the candidate is there and is the whole site.

    Raises:
        NothingToPublishError: It is not; says what to do.
    """
    try:
        whole = bool(json.loads((project.build / _NAME).read_bytes())["whole"])
    except (OSError, ValueError, KeyError, TypeError):
        raise NothingToPublishError(
            "there is no candidate to publish: no build has ended; `lpe build` makes one"
        ) from None
    if not whole:
        raise NothingToPublishError(
            "the candidate holds only the pages that the last `lpe build` selected; published, "
            "it would take all others away. Run `lpe build` without --report, --unit and --period"
        )
