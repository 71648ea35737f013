"""A page's key holds everything that it depends on."""

import subprocess
import sys

from lpe_reports.render.keys import CODE

LOADED = (
    "import sys, lpe_reports.render.jobs\n"
    "print(*(m for m in sys.modules if m.startswith('lpe_reports.')))"
)
# Decided by what they read (params), only named in errors, or about where files lie.
NOT_OF_THE_LOOK = (
    "lpe_reports.params", "lpe_reports.errors", "lpe_reports.settings", "lpe_reports.system",
)  # fmt: skip


def test_every_module_that_renders_is_part_of_the_key() -> None:
    """Whatever a render process imports of the package changes the pages when it changes."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, check=True, text=True
    )
    places = [f"lpe_reports.{part.removesuffix('.py').replace('/', '.')}" for part in CODE]
    packages = {place.rsplit(".", 1)[0] for place in places}

    missing = [
        name
        for name in done.stdout.split()
        if not name.startswith((*places, *NOT_OF_THE_LOOK)) and name not in packages
    ]

    assert missing == []
