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
from functools import cached_property
from pathlib import Path

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
        versions: A digest of what `kept` was read from; the build's.
        clean: A digest of all exposures together in which nothing is told; the build's.
    """

    across: Mapping[str, Across] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    versions: str = ""
    clean: str = ""

    @cached_property
    def by_page(self) -> Mapping[str, frozenset[str]]:
        """For each page that `across` names, the groups that it must not show."""
        found: dict[str, set[str]] = {}
        for key, each in self.across.items():
            for page in each.pages:
                found.setdefault(page, set()).add(key)
        return {page: frozenset(keys) for page, keys in found.items()}

    def stands(self, key: str) -> bool:
        """Whether a group is to be hidden, for whichever reason."""
        return key in self.across or key in self.kept

    def to_json(self) -> bytes:
        """As the file holds it: the same decisions are the same bytes."""
        body = {
            "format": FORMAT,
            "across": {
                key: {"pages": sorted(each.pages), "open": each.open}
                for key, each in sorted(self.across.items())
            },
            "kept": sorted(self.kept),
            "versions": self.versions,
            "clean": self.clean,
        }
        rest = json.dumps(body, ensure_ascii=False, separators=(",\n", ":"))[1:].encode()
        # Of the bytes that follow, so that every page that opens can check them at once.
        return b'{"digest":"%s",' % hashlib.sha256(rest).hexdigest().encode() + rest


def read_decisions(project: Project) -> Decisions:
    """The decisions of a project; none where nothing has been decided.

    Raises:
        DisclosureError: The file is there and not whole.
    """
    path = decisions_path(project)
    try:
        data = path.read_bytes()
        body = json.loads(data)
        rest = data.partition(b",")[2]
        if body["digest"] != hashlib.sha256(rest).hexdigest() or body["format"] != FORMAT:
            raise ValueError
        across = {
            str(key): Across(tuple(each["pages"]), each["open"])
            for key, each in body["across"].items()
        }
        return Decisions(across, frozenset(body["kept"]), body["versions"], body["clean"])
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
