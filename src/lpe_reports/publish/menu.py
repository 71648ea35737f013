"""What readers of all versions share beside the assets: the menu's file, the way in, the feed."""

import json
from dataclasses import asdict

from lpe_reports.build.storing.store import write_whole
from lpe_reports.publish.catalogue import list_versions
from lpe_reports.publish.feed import feed
from lpe_reports.render.leading_on import leading_page
from lpe_reports.settings import Project


def write_menu(project: Project, latest: str) -> None:
    """Write the shared files that are not as they should be.

    Args:
        project: The project.
        latest: The id of the version that `latest` leads to.
    """
    versions = list_versions(project)
    menu = {"latest": latest, "versions": [asdict(version) for version in versions]}
    files = {
        "versions.json": json.dumps(menu, ensure_ascii=False, indent=1).encode(),
        "feed.xml": feed(versions, project.public),
        "index.html": leading_page(
            "latest/index.html", title="Rapporterna", link="Till den senaste versionen"
        ),
    }
    for name, body in files.items():
        file = project.public / name
        if not file.is_file() or file.read_bytes() != body:
            write_whole(file, body)
