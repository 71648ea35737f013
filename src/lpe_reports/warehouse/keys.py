"""Re-keying: the source's ids become others, the same in every table, that nobody can turn back.

HMAC-SHA-256 with a secret that stands in no file of a real source. The keys are written in
letters only, so that no key can be mistaken for a number of any kind.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from lpe_reports.errors import SettingsError
from lpe_reports.params.sources import Sources
from lpe_reports.warehouse.distinct import Texts, map_distinct
from lpe_reports.warehouse.personal_numbers import SEPARATOR

SECRET_NAME = "LPE_KEY_SECRET"
LEAST_SECRET = 16
# 80 bits: among 16 million keys the chance of two alike is one in ten thousand million.
_BYTES = 10
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
# Ids come back on other days; so many are remembered per column. Those of rows that are all new
# do not come back soon: they are not remembered at all.
_REMEMBERED = 50_000
# One person is written with a hyphen in one system and without in another.
_HYPHENATED = re.compile(rf"(\d{{6}}|\d{{8}}){SEPARATOR}(\d{{4}})")


@dataclass(frozen=True)
class Keys:
    """Makes the keys of one source's extracts."""

    secret: bytes = field(repr=False)
    _known: dict[str, dict[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def rekey(self, column: str, prefix: str, texts: pa.DictionaryArray) -> pa.Array:
        """A column of ids with each replaced by its new key; the same id gives the same key.

        Args:
            column: The contract's name of the id (`need_id`): it is what keys join by.
            prefix: What the new keys begin with (`ne_`).
            texts: The source's ids by their distinct values; nulls stay null.
        """
        known = self._known.setdefault(column, {})
        if len(known) > _REMEMBERED:
            known.clear()

        def change(ids: Texts) -> list[str | None]:
            new = [text for text in ids if text is not None and text not in known]
            made = dict(zip(new, self._keys_of(column, prefix, new), strict=True))
            if len(made) <= _REMEMBERED // 2:
                known.update(made)
            return [None if text is None else made.get(text) or known[text] for text in ids]

        return map_distinct(texts, change, pa.string())

    def _keys_of(self, column: str, prefix: str, ids: Sequence[str]) -> list[str]:
        """The new keys of some ids; written to letters all at once, which is much quicker."""
        one = hmac.digest
        digests = [
            one(self.secret, f"{column}\0{_plain(text)}".encode(), "sha256")[:_BYTES]
            for text in ids
        ]
        letters = b"".join(digests).hex().translate(_LETTERS)
        width = 2 * _BYTES
        return [prefix + letters[n : n + width] for n in range(0, len(letters), width)]

    @property
    def fingerprint(self) -> str:
        """What tells one secret from another, and nothing else about it."""
        return hmac.digest(self.secret, b"fingerprint", "sha256").hex()[:16]


def _plain(text: str) -> str:
    return text if text.isalnum() else _HYPHENATED.sub(r"\1\2", text)


def source_keys(name: str, sources: Sources, environment: Mapping[str, str]) -> Keys:
    """The keys of a source: the demo's are fixed, a real one's secret is in the environment.

    Raises:
        SettingsError: A real source without its secret, with a short one or with the demo's.
    """
    entry = sources.get(name)
    if entry.demo_key_secret is not None:
        return Keys(entry.demo_key_secret.encode())
    secret = environment.get(SECRET_NAME, "")
    if not secret:
        raise SettingsError(
            f"{SECRET_NAME} is not set. Source '{name}' holds real ids, and they are only taken "
            "re-keyed: set it to a secret of your own (for example the output of "
            "`openssl rand -hex 32`), keep it, and use the same one every night."
        )
    if len(secret) < LEAST_SECRET:
        raise SettingsError(
            f"{SECRET_NAME} is shorter than {LEAST_SECRET} characters; take a longer secret, "
            "for example the output of `openssl rand -hex 32`."
        )
    if secret in {other.demo_key_secret for other in sources.sources.values()}:
        raise SettingsError(
            f"{SECRET_NAME} is the demo's secret, which everybody can read. Source '{name}' "
            "holds real ids: take a secret of your own."
        )
    return Keys(secret.encode())
