"""The rules that every candidate is held against."""

from dataclasses import dataclass

from lpe_reports.publish.documents import PageRule, Rule
from lpe_reports.publish.rules.addresses import outside_requests
from lpe_reports.publish.rules.dataset import hidden_in_dataset
from lpe_reports.publish.rules.hidden import hidden_shown
from lpe_reports.publish.rules.insides import local_paths, tracebacks
from lpe_reports.publish.rules.markup import invalid_markup
from lpe_reports.publish.rules.packs import hidden_in_packs
from lpe_reports.publish.rules.people import personal_numbers, rekeyed_ids
from lpe_reports.publish.rules.pictures import unnamed_pictures
from lpe_reports.publish.rules.requests import hidden_requests, links_of_the_pdf_alone
from lpe_reports.publish.rules.secrets import own_secrets, written_secrets
from lpe_reports.settings import Project

# Paths shorter than this (a project in /) would be found in any text.
_SHORTEST_PLACE = 6


@dataclass(frozen=True)
class Rules:
    """Those that look at one file at a time, and those that look at all files of a page."""

    of_files: tuple[Rule, ...]
    of_pages: tuple[PageRule, ...] = ()


def rules_of(project: Project, secrets: tuple[str, ...]) -> Rules:
    """The rules for a project's candidate.

    Args:
        project: The project, whose place on the machine must not be told.
        secrets: What its environment holds, as `project_secrets` gives it.
    """
    places = sorted({str(project.root), str(project.root.resolve())})
    return Rules(
        of_files=(
            outside_requests,
            hidden_requests,
            personal_numbers,
            rekeyed_ids,
            tracebacks,
            local_paths([place for place in places if len(place) >= _SHORTEST_PLACE]),
            unnamed_pictures,
            invalid_markup,
            written_secrets,
            own_secrets(secrets),
            hidden_in_dataset,
        ),
        of_pages=(hidden_shown, hidden_in_packs, links_of_the_pdf_alone),
    )
