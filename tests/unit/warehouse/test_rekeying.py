"""Re-keying: the same id, the same key; nobody turns it back."""

import re

import pyarrow as pa
import pytest

from lpe_reports.errors import SettingsError
from lpe_reports.params.sources import Sources, load_sources
from lpe_reports.warehouse.distinct import distinct_texts
from lpe_reports.warehouse.keys import Keys, source_keys
from small_warehouse import ROOT

pytestmark = pytest.mark.promise("disclosure", "Ids are re-keyed, and nobody turns them back")

DEMO_SECRET = "the demo has nothing to hide"
KEYS = Keys(b"a secret of sixteen letters")


def _rekey(keys: Keys, column: str, ids: list[str | int | None]) -> list[str | None]:
    texts = distinct_texts(pa.array(ids))
    rekeyed: list[str | None] = keys.rekey(column, "pt_", texts).to_pylist()
    return rekeyed


@pytest.fixture
def sources() -> Sources:
    return load_sources(ROOT / "params" / "sources.yml", ROOT)


def test_key_is_the_same_in_every_table_and_batch() -> None:
    """Joins hold: only the id and its column decide."""
    first = _rekey(KEYS, "patient_key", ["a", "b", None, "a"])
    again = _rekey(Keys(KEYS.secret), "patient_key", ["c", "a"])

    assert first[0] == first[3] == again[1]
    assert first[2] is None
    assert len({*first, *again}) == 4


def test_key_depends_on_secret_and_column() -> None:
    """Another secret or another kind of id gives another key."""
    ids: list[str | int | None] = ["a"]

    other_secret = _rekey(Keys(b"another secret altogether"), "patient_key", ids)

    assert _rekey(KEYS, "patient_key", ids) != other_secret
    assert _rekey(KEYS, "patient_key", ids) != _rekey(KEYS, "need_id", ids)


def test_key_is_letters_only() -> None:
    """No key can be taken for a number, and none holds the id."""
    (key,) = _rekey(KEYS, "patient_key", ["198112289874"])

    assert key is not None
    assert re.fullmatch(r"pt_[a-p]{20}", key)


def test_key_does_not_know_hyphens_or_number_types() -> None:
    """One person is one person, whether written 811228-9874 or 8112289874, as text or number."""
    spelled: list[str | int | None] = ["811228-9874", "8112289874"]
    spelled += ["811228\u20139874", "811228 9874", "811228\u00a09874"]
    written = _rekey(KEYS, "patient_key", spelled)
    number = _rekey(KEYS, "patient_key", [8112289874])

    assert {*written, *number} == {written[0]}


def test_secret_is_in_no_text() -> None:
    """A key maker that ends up in a log shows nothing."""
    assert "secret" not in repr(KEYS).replace("Keys", "")
    assert "secret" not in KEYS.fingerprint


def test_demo_has_a_fixed_secret(sources: Sources) -> None:
    """The demo needs nothing from the environment."""
    assert source_keys("demo", sources, {}).secret == DEMO_SECRET.encode()


@pytest.mark.parametrize(
    ("secret", "said"),
    [("", "is not set"), ("kort", "shorter than 16"), (DEMO_SECRET, "demo's secret")],
)
def test_real_source_needs_a_secret_of_its_own(sources: Sources, secret: str, said: str) -> None:
    """None, a short one and the demo's are refused, without quoting them."""
    with pytest.raises(SettingsError, match=said) as error:
        source_keys("files", sources, {"LPE_KEY_SECRET": secret})

    assert not secret or secret not in str(error.value)


def test_real_source_takes_the_secret_of_the_environment(sources: Sources) -> None:
    """LPE_KEY_SECRET is what ids are re-keyed with."""
    secret = "k" * 32

    assert source_keys("files", sources, {"LPE_KEY_SECRET": secret}) == Keys(secret.encode())


def test_oracle_of_the_standard() -> None:
    """HMAC-SHA-256 as RFC 2104 says, so that another system can make the same keys."""
    import hashlib
    import hmac

    digest = hmac.new(KEYS.secret, b"patient_key\0a", hashlib.sha256).hexdigest()[:20]
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in digest)

    assert _rekey(KEYS, "patient_key", ["a"]) == [f"pt_{letters}"]
