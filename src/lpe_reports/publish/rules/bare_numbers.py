"""Ten digits with nothing that says what they are: a personal number, or a number by chance?

They stand in a row, or are parted by what parts other numbers, too. A date that exists and a last
digit that is right are met by chance in 0.7 % of cases. So the digits are judged by what stands
beside them:

- a word for a person (personnummer, patient, född …) in the same piece, before it, in its column's
  heading or its row's label: it is one;
- a word for another thing (telefon, diarienummer, bankgiro …) or a unit behind it: it is none;
- without such words: where it stands as a number among numbers it is none, and as a text it is one,
  unless the document has many numbers of that length;
- several that are valid, more than chance gives: they are.

What may be a day and a time (20260511-0834) is a number only where a word for a person says so.
"""

import re
from collections.abc import Iterator, Set
from functools import cache
from math import comb

from lpe_reports.publish.documents import Document, Passage
from lpe_reports.publish.kinds.grids import is_number
from lpe_reports.publish.rules.digits import digits_of, has_row_of, seen
from lpe_reports.publish.rules.written_numbers import TEN, is_stamp, unsure
from lpe_reports.warehouse.personal_numbers import is_personal_number

# A spreadsheet takes the zeros away that a number of 2000 to 2009 begins with.
_SHORTENED_LENGTHS = (8, 9)
_SHORTENED = re.compile(r"\s*(\d{8,10})(?:\.0*)?\s*")

_PERSON = re.compile(
    r"(?<![^\W_])(?:person[\s._-]*(?:nummer|numret|numren|number|nr|no|id|identi\w+)|pers\.?\s?nr|"
    r"p-?nr|pnr|(?:patient|pat)[\s._-]*(?:id|nr|nummer)|patient(?:en|ens)?|pat|ssn|"
    r"samordning\w*|samordn\.?\w*|identitets?(?:nummer|beteckning)\w*|födelse\w*|född|födda?|"
    r"social\s?security|born|birth\w*|date\s?of\s?birth)(?![^\W_])",
    re.IGNORECASE,
)
# Of these the column holds nothing else.
_CERTAIN = re.compile(
    r"(?<![^\W_])(?:person[\s._-]*(?:nummer|nr|number|id)|pers\.?\s?nr|p-?nr|pnr|"
    r"samordnings?(?:nummer|nr))(?![^\W_])",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?<![^\W_])(?:tel\w*|tfn|mobil\w*|fax\w*|ring|växel\w*|org\.?\s?(?:nr|nummer)|"
    r"organisations?\w*|diari\w*|dnr|ärende\w*|bank\s?giro\w*|bg|plus\s?giro\w*|post\s?giro\w*|pg|"
    r"konto\w*|clearing\w*|faktura\w*|ocr|order\w*|artikel\w*|serie\w*|version\w*|digest\w*|hash\w*|"
    r"sha\d*|md5|crc\d*|checksum\w*|kontrollsumm\w*|seed|frö|epoch\w*|timestamp\w*|tidsstämpel\w*|"
    r"unix\w*|isbn|ean|gtin|commit|build|antal\w*|summa\w*|totalt?|belopp\w*|kostnad\w*|kronor|kr|"
    r"sek|minuter|timmar|sekunder|dagar|operationer|count|sum|total|size|bytes?)(?![^\W_])",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s{0,2}(?:%|(?:kr|kronor|sek|min|minuter|h|tim|timmar|sekunder|s|ms|dagar|dygn|veckor|st|"
    r"procent|operationer|patienter|personer|besök|vårdtillfällen|rader|byte|bytes|kB|MB|GB|m|km|"
    r"poäng|gånger)(?![^\W_]))",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"\d{6,8}\.\d{4}")
# What a table says in place of a number.
_NO_NUMBER = {"", "-", "–", "dold", "inga", "null", "none", "nan", "uppgift saknas", "okänd"}

_BEFORE, _AFTER = 60, 30
# As many in one document are met by chance in fewer than this share of documents.
_CHANCE, _TOO_RARE = 0.0075, 1e-4
# With more numbers of that length than this, one that is valid says nothing.
_FEW = 3


def judged(document: Document, text: str) -> Iterator[str]:
    """The places of digits that are personal numbers, as far as one can tell.

    Args:
        document: The document.
        text: Its text, without characters that nobody sees.
    """
    first: dict[str, int] = {}
    for digits, start, _ in unsure(text, document.kind):
        first.setdefault(digits, start)
    valid = {digits for digits in first if is_personal_number(digits)}
    shortened = has_row_of(text, *_SHORTENED_LENGTHS)
    certain_words = shortened and _may_name(text) and _CERTAIN.search(text) is not None
    if not valid and not certain_words:
        return
    stamps = {digits for digits in first if is_stamp(digits)}
    unplaced = valid - stamps
    together = _too_many_for_chance(unplaced, first.keys() - stamps)
    few = len(first) <= _FEW
    for passage in document.passages() if document.passages else ():
        said, _ = seen(passage.text)
        # (Most passages are short, and most of a long table's have no digits.)
        for digits, start, end in unsure(said, document.kind) if len(said) >= TEN else ():
            if digits in valid:
                unplaced.discard(digits)
                if _is_one(passage, said, (start, end), together=together, few=few):
                    yield passage.place
        if certain_words and _lost_zeros(passage, said):
            yield passage.place
    if together or few:
        yield from (document.place(first[digits]) for digits in sorted(unplaced))


def _may_name(text: str) -> bool:
    """Whether a text may name such numbers; looking for parts of words is quick."""
    small = text.lower()
    return any(part in small for part in ("pers", "nr", "samordn"))


def _is_one(
    passage: Passage, said: str, span: tuple[int, int], *, together: bool, few: bool
) -> bool:
    written = said[slice(*span)]
    if written[0].isalpha():
        # The word itself is glued to it.
        return True
    if passage.number and _DECIMAL.fullmatch(said.strip()):
        return False
    verdict = _by_words(passage, said, span)
    if verdict is not None:
        return verdict
    if is_stamp(digits_of(written)):
        return False
    if together:
        return True
    return few and not _among_numbers(passage, said)


def _by_words(passage: Passage, said: str, span: tuple[int, int]) -> bool | None:
    """What the words beside a number say: of two, the one nearer to it."""
    start, end = span
    if _UNIT.match(said, end):
        return False
    before, after = said[max(start - _BEFORE, 0) : start], said[end : end + _AFTER]
    person, other = _last(_PERSON, before), _last(_OTHER, before)
    if person != other:
        return person > other
    if _PERSON.search(after):
        return True
    if _PERSON.search(passage.beside):
        return True
    if _OTHER.search(passage.beside) or _OTHER.search(after):
        return False
    return None


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)


def _among_numbers(passage: Passage, said: str) -> bool:
    """Whether a number stands where numbers stand."""
    if passage.number:
        return True
    others = [text for text in passage.column if text.strip().lower() not in _NO_NUMBER]
    numbers = sum(map(is_number, others))
    own = is_number(said)
    # A heading stands over the numbers; a column of texts has more words than that.
    return numbers - own >= 1 and 2 * numbers >= len(others)


def _lost_zeros(passage: Passage, said: str) -> bool:
    """A number under the heading of personal numbers, shortened by a program that read it."""
    match = _SHORTENED.fullmatch(said)
    if match is None or not _CERTAIN.search(passage.beside):
        return False
    digits = digits_of(match[1])
    return len(digits) < 10 and is_personal_number(digits.zfill(10))


def _too_many_for_chance(valid: Set[str], found: Set[str]) -> bool:
    """Whether as many valid ones of all are too many; numbers in sequence count as one."""
    return len(valid) > 1 and _is_rare(
        len({digits[:6] for digits in valid}), len({digits[:6] for digits in found})
    )


@cache
def _is_rare(valid: int, among: int) -> bool:
    if valid < 2:
        return False
    fewer = sum(
        comb(among, n) * _CHANCE**n * (1 - _CHANCE) ** (among - n) for n in range(min(valid, 60))
    )
    return 1 - fewer < _TOO_RARE
