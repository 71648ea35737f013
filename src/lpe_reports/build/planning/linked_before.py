"""How much of a night's rows lead to one another, counted once for each content of a night.

Counting reads every key of the night. As long as the tables are the same the counts are, and a
build in which nothing has changed reads no data and imports nothing that could.
"""

import json
from dataclasses import asdict
from pathlib import Path

from lpe_reports.build.planning.tools import package_digest
from lpe_reports.build.storing.store import write_whole
from lpe_reports.settings import Project
from lpe_reports.warehouse.linked import LinkedShare, linked_shares
from lpe_reports.warehouse.nights.manifest import Manifest


def linked_before(project: Project, manifest: Manifest, night: str) -> list[LinkedShare]:
    """The linked shares of a night, as counted before where its content was the same.

    Args:
        project: The project.
        manifest: The night's manifest.
        night: The name of its folder.
    """
    of = [manifest.digest, package_digest("params", "warehouse")]
    try:
        kept = json.loads(_place(project).read_bytes())
        if kept["of"] == of:
            return [LinkedShare(**each) for each in kept["links"]]
    except (OSError, ValueError, KeyError, TypeError):
        # There is none yet, or it is damaged: it is counted.
        pass
    from lpe_reports.warehouse.snapshots import open_extract

    found = linked_shares(open_extract(project, night))
    body = {"of": of, "links": [asdict(each) for each in found]}
    write_whole(_place(project), json.dumps(body, indent=1).encode())
    return found


def _place(project: Project) -> Path:
    return project.build / "linked.json"
