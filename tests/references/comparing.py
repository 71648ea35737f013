"""Whether a page still means what its reference does, and which lines tell that it does not."""

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from references.listing import output_text

# A thousand times what another processor, Python or library makes of the same sum, and far below
# what anybody reads; a reference keeps ten digits, which are closer than this.
_CLOSE = 1e-9
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_CONTEXT = 2


def outputs_text(outputs: Iterable[Mapping[str, Any]]) -> str:
    """What the outputs of one cell mean, one after the other, as lines.

    Args:
        outputs: As a notebook holds them; what was printed, what was shown, errors.
    """
    parts: list[str] = []
    for output in outputs:
        match output["output_type"]:
            case "stream":
                parts.append(f"{output['name']}\n{_text(output['text'])}")
            case "error":
                parts.append(f"error\n{output['ename']}: {output['evalue']}")
            case _:
                text = output_text(output["data"])
                if text is not None:
                    parts.append(text)
    return "\n".join(part.rstrip("\n") for part in parts)


def differences(reference: str, made: str) -> list[str]:
    """The lines that differ, as a diff with two lines around; nothing where all say the same."""
    before, now = reference.splitlines(), made.splitlines()
    # Where a number is as good as equal, the line of the reference stands for both.
    if len(before) == len(now):
        now = [old if same(old, new) else new for old, new in zip(before, now, strict=True)]
    else:
        now = _nearest(before, now)
    return list(difflib.unified_diff(before, now, "reference", "now", n=_CONTEXT, lineterm=""))


def same(reference: str, made: str) -> bool:
    """Whether two lines have the same words, and numbers that nobody could tell apart."""
    if reference == made:
        return True
    if _NUMBER.split(reference) != _NUMBER.split(made):
        return False
    pairs = zip(_NUMBER.findall(reference), _NUMBER.findall(made), strict=True)
    return all(math.isclose(float(a), float(b), rel_tol=_CLOSE) for a, b in pairs)


def _nearest(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """The new lines, those that are the same as an old one in the place between equal ones."""
    made = list(now)
    matcher = difflib.SequenceMatcher(None, before, now, autojunk=False)
    matches = [(0, 0, 0), *matcher.get_matching_blocks()]
    for (a, b, size), (next_a, next_b, _) in pairwise(matches):
        old, new = range(a + size, next_a), range(b + size, next_b)
        for left, right in zip(old, new, strict=False):
            if same(before[left], now[right]):
                made[right] = before[left]
    return made


def _text(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
