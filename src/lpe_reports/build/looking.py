"""The look at all pages together, in a process of its own that gives its memory back.

What the solver and its tables take, a process keeps until it ends; the build, which goes on to
render, would keep it through the night. Few pages are looked at where one stands.
"""

import multiprocessing
import os
import signal
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from lpe_reports.build.running.parent import end_with_parent
from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.exposures import read_exposure
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.errors import DisclosureError
from lpe_reports.settings import Project

if TYPE_CHECKING:
    from lpe_reports.disclosure.across import Found

# Starting a process and importing the solver in it costs what looking at as many pages does.
FEW_PAGES = 30


@dataclass(frozen=True)
class Rules:
    """What deciding across pages needs of params.

    Fields:
        threshold: Counts from 1 to one less than this are hidden.
        nesting: Which units make up a hospital and which months a quarter, and which procedures
            lie within which.
    """

    threshold: int
    nesting: Nesting


@dataclass(frozen=True)
class Look:
    """What is looked at.

    Fields:
        project: Where the pages' exposures are stored.
        pool: The exposures of all pages: digest, and whether the page cannot change.
        rules: The region's decision.
        kept: Keys of groups that stay hidden wherever they stand.
    """

    project: Project
    pool: Mapping[RunKey, tuple[str, bool]]
    rules: Rules
    kept: Collection[str]


def look(asked: Look) -> "Found":
    """What the pages must hide together.

    Raises:
        DisclosureError: An exposure is not in the store any more, or the process died.
    """
    return _found(asked) if len(asked.pool) <= FEW_PAGES else _found_apart(asked)


def _found_apart(asked: Look) -> "Found":
    context = multiprocessing.get_context("spawn")
    answer, told = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(told, asked, os.getpid()), daemon=True)
    process.start()
    told.close()
    try:
        found: Found | str = answer.recv()
    except EOFError:
        found = (
            "the process that looks at all pages together died (out of memory?); nothing is "
            "published, and the next build goes on from there"
        )
    finally:
        # Also when the build was told to stop meanwhile.
        process.kill()
        process.join()
    if isinstance(found, str):
        raise DisclosureError(found)
    return found


def _answer(told: Connection, asked: Look, parent: int) -> None:
    """The process: its whole life."""
    # An interrupt from the keyboard reaches both; the build sees to the end of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
    try:
        told.send(_found(asked))
    except DisclosureError as error:
        told.send(str(error))


def _found(asked: Look) -> "Found":
    # It needs much that is not imported where nothing has to be looked at.
    from lpe_reports.disclosure.across import decide_across

    records = {}
    for key, (digest, _) in asked.pool.items():
        records[key.file_stem] = read_exposure(asked.project, key, digest)
        if records[key.file_stem] is None:
            raise DisclosureError(
                f"{key}: what its page shows was in the store and is not there any more; another "
                "build makes it anew"
            )
    return decide_across(
        {stem: record for stem, record in records.items() if record is not None},
        nesting=asked.rules.nesting,
        threshold=asked.rules.threshold,
        fixed={key.file_stem for key, (_, fixed) in asked.pool.items() if fixed},
        kept=asked.kept,
    )
