"""What has been decided outside a page: groups that stay hidden on every page that has them.

`across`: groups that other pages would give away; decided after the runs, once for all pages.
`kept`: groups of closed periods that a version which is still kept hides.

The build writes the file whole before its runs start and again when it has decided; a page
reads it when it opens. It holds keys of groups, never a number of one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lpe_reports.errors import DisclosureError
from lpe_reports.settings import Project

FORMAT = 1
_NAME = "decisions.json"


@dataclass(frozen=True)
class Across:
    """Why a group is hidden across pages.

    Fields:
        pages: The runs (their file stems) that must not show it.
        open: The night that it was decided for, where its time is not over; None where it is.
    """

    pages: tuple[str, ...]
    open: str | None = None


@dataclass(frozen=True)
class Decisions:
    """The groups that stay hidden; iterating either field gives their keys.

    Fields:
        across: By the key of the group.
        kept: Keys of the groups.
        clean: A digest of all exposures together in which nothing is told; the build's.
    """

    across: Mapping[str, Across] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    clean: str = ""

    def stands(self, key: str) -> bool:
        """Whether a group is to be hidden, for whichever reason."""
        return key in self.across or key in self.kept

    def to_json(self) -> bytes:
        """As the file holds it: the same decisions are the same bytes."""
        body: dict[str, Any] = {
            "format": FORMAT,
            "across": {
                key: {"pages": sorted(each.pages), "open": each.open}
                for key, each in sorted(self.across.items())
            },
            "kept": sorted(self.kept),
            "clean": self.clean,
        }
        body["digest"] = _digest(body)
        return json.dumps(body, ensure_ascii=False, indent=1).encode()


def read_decisions(project: Project) -> Decisions:
    """The decisions of a project; none where nothing has been decided.

    Raises:
        DisclosureError: The file is there and not whole.
    """
    path = decisions_path(project)
    try:
        body = json.loads(path.read_bytes())
        if body.pop("digest") != _digest(body) or body["format"] != FORMAT:
            raise ValueError
        across = {
            str(key): Across(tuple(each["pages"]), each["open"])
            for key, each in body["across"].items()
        }
        return Decisions(across, frozenset(body["kept"]), str(body["clean"]))
    except FileNotFoundError:
        return Decisions()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DisclosureError(
            f"{project.relative(path)} is damaged, so it is not known what must stay hidden; "
            "the next `lpe build` or `lpe nightly` makes it anew"
        ) from None


def decisions_path(project: Project) -> Path:
    """Where the decisions lie, if there are any."""
    return project.store / _NAME


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
