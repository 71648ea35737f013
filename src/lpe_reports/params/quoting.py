"""What a file says, as an error may repeat it."""

from lpe_reports import wording


def shown(text: str, most: int = 80) -> str:
    """A text in one line, without signs that cannot be seen, not longer than is read."""
    line = " ".join(wording.legible(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
