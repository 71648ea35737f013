"""Stories: documents whose blocks are done one after the other, as by somebody who reads them.

A block of commands is given; one of Python or Markdown becomes a cell at the end of the newest
notebook, or goes into the file that the paragraph above it names, as YAML and CSV do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from find_commands import Command, of_block
from read_docs import ROOT, Piece, blocks
from run_elsewhere import NOT_GIVEN

# So that a story takes seconds: a demo of a fifth of an office, a page for one unit.
_SMALLER = {
    "lpe demo": "lpe demo --years 1 --scale 0.2 --snapshots monthly",
    "--units operating_unit": "--units hu-cop",
}


@dataclass(frozen=True)
class Story:
    """What is read, from the first block to the last.

    Fields:
        name: What it is about.
        parts: Documents, each with the headings that are read of it; all where there is none.
        instead: What stands in the document, and what is given in its place.
        also: Commands that sentences tell of, given when all blocks are done.
    """

    name: str
    parts: Mapping[str, tuple[str, ...]]
    instead: Mapping[str, str] = field(default_factory=lambda: _SMALLER)
    also: tuple[str, ...] = ()

    def blocks(self) -> Iterator[Piece]:
        """All that is to be done, in its order."""
        for document, headings in self.parts.items():
            found = [b for b in blocks(ROOT / document) if not headings or b.under in headings]
            missing = set(headings) - {block.under for block in found}
            assert not missing, f"{document} has no block under {missing}"
            yield from found

    def as_given(self, text: str) -> str:
        """A command as it is given here."""
        for said, given in self.instead.items():
            text = text.replace(said, given)
        return text


_OWN_REPORT = (
    "The files", "The page", "Arithmetic of your own", "Is it right?", "Published",
)  # fmt: skip
A_REPORT = Story(
    "a report",
    {
        "docs/get-started.md": (),
        "docs/write-a-report.md": _OWN_REPORT,
        "docs/operate.md": ("Versions",),
    },
    {
        **_SMALLER,
        "2026-05-11": "{before}",
        "2026-05-12": "{latest}",
        "PAGE": "{page}",
    },
    (
        "lpe retract PAGE --lift",
        'lpe retract PAGE --why "Fel." --dry-run --json',
        "lpe versions --verify --json",
        "lpe diff 2026-05-11 2026-05-12 --json",
        "lpe plan --report emergencies --all --json",
        "lpe check --fix",
        "lpe check --json",
        "lpe check --rules",
        "lpe prune --dry-run",
        "lpe prune --json",
        "lpe extract --source demo --full --json",
    ),
)
OWN_DATA = Story("own data", {"docs/own-data.md": ("One file, one page",)})
_OF_THE_DEMO = {"--source warehouse": "--source demo", "2026-05-12": "{latest}"}
RESTORING = Story("restoring", {"docs/operate.md": ("Restoring",)}, _OF_THE_DEMO)
MOVING = Story("moving", {"docs/operate.md": ("Another server",)}, _OF_THE_DEMO)
UPGRADING = Story(
    "upgrading",
    {"docs/operate.md": ("Upgrading",)},
    _OF_THE_DEMO,
    (
        "lpe publish --pointer copy",
        "lpe build --source demo --fresh --json --report emergencies --period 2026-04",
        "lpe nightly --source demo --pointer copy --json",
    ),
)
STORIES = (A_REPORT, OWN_DATA, RESTORING, MOVING, UPGRADING)


def told(story: Story) -> Iterator[Command]:
    """The commands that are given in a story."""
    for block in story.blocks():
        for command in of_block(block):
            if command.key[0] not in NOT_GIVEN:
                yield command
    for text in story.also:
        yield Command(story.name, text, block=True)
