"""Who is told when a night is over, or was ended by an error."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import typer

from lpe_reports.build.nightly import Night
from lpe_reports.cli.letters.letter import Letter, operators_letter, owners_letters
from lpe_reports.cli.letters.sending import send
from lpe_reports.cli.letters.settings import post_settings
from lpe_reports.errors import LpeError, SettingsError
from lpe_reports.params.loading import Params


def tell_of_night(night: Night, params: Params, summary: str) -> list[str]:
    """Write to the owners of reports that failed, and to the operator when not all went well.

    Args:
        night: The night.
        params: Whose reports they are.
        summary: What the night said at its end.

    Returns:
        What went and what could not, for the summary.
    """
    letters = owners_letters(
        night.build.failures, params.reports, night.build.night, night.version.id
    )
    return _told(letters, night.exit_code, summary, params.site.contact, os.environ)


@contextmanager
def telling_of_errors(params: Params) -> Iterator[None]:
    """Write to the operator of an error that ends the night; it goes on its way then."""
    try:
        yield
    except LpeError as error:
        for line in _told([], error.exit_code, str(error), params.site.contact, os.environ):
            typer.echo(line, err=True)
        raise


def _told(
    letters: list[Letter],
    exit_code: int,
    summary: str,
    contact: str,
    environment: Mapping[str, str],
) -> list[str]:
    if not exit_code:
        return []
    try:
        settings = post_settings(environment)
    except SettingsError as error:
        return [f"nobody was written to: {error}"]
    if not settings.anything:
        return []
    if settings.operator:
        letters = [*letters, operators_letter(settings.operator, exit_code, summary)]
    elif settings.webhook and not letters:
        letters = [operators_letter(contact, exit_code, summary)]
    return send(letters, settings, contact)
