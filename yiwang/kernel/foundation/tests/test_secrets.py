import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from yiwang.kernel.foundation import audit, secrets
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.audit.models import AuditText
from yiwang.kernel.foundation.tests.conftest import shanghai


def key(seed: int) -> str:
    return base64.b64encode(bytes([seed]) * 32).decode()


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    assert secrets.open_sealed(secrets.seal(text, context="a.b.c"), context="a.b.c") == text


def test_the_same_name_is_sealed_differently_each_time() -> None:
    assert secrets.seal("王秀英", context="a.b.c") != secrets.seal("王秀英", context="a.b.c")


def test_a_value_moved_to_another_field_does_not_open() -> None:
    sealed = secrets.seal("王秀英", context="cases.reporter.name")
    with pytest.raises(secrets.CannotOpen):
        secrets.open_sealed(sealed, context="cases.reporter.phone")


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    sealed = bytearray(secrets.seal("13800000000", context="a.b.c"))
    sealed[place] ^= 1
    with pytest.raises(secrets.CannotOpen):
        secrets.open_sealed(bytes(sealed), context="a.b.c")


@pytest.mark.parametrize("blob", [b"", b"\x00", b"\x00" * 12])
def test_bytes_that_are_no_sealed_value_are_refused(blob: bytes) -> None:
    with pytest.raises(secrets.CannotOpen):
        secrets.open_sealed(blob, context="a.b.c")


def test_an_old_key_still_opens_after_a_new_one_is_put_in_front(settings: Settings) -> None:
    settings.YIWANG_DATA_KEY = key(1)
    sealed, index = secrets.seal("王秀英", context="a.b.c"), secrets.blind_index("138", "a.b.c")
    fingerprint = secrets.fingerprint_key()
    settings.YIWANG_DATA_KEY = f"{key(2)},{key(1)}"
    assert secrets.open_sealed(sealed, context="a.b.c") == "王秀英"
    assert secrets.blind_index("138", "a.b.c") == index
    assert secrets.seal("x", context="a.b.c")[0] != sealed[0]
    assert secrets.fingerprint_key() != fingerprint
    settings.YIWANG_DATA_KEY = key(2)
    with pytest.raises(secrets.CannotOpen):
        secrets.open_sealed(sealed, context="a.b.c")


def test_an_office_without_a_key_is_told_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YIWANG_DATA_KEY, settings.DEBUG = "", False
    monkeypatch.delenv("PYTEST_VERSION", raising=False)
    secrets._keys.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="YIWANG_DATA_KEY is empty"):
        secrets.seal("x", context="a.b.c")


@pytest.mark.parametrize(("wrong", "said"), [("§", "base64"), ("YWJj", "3 bytes")])
def test_a_wrong_key_is_named(settings: Settings, wrong: str, said: str) -> None:
    settings.YIWANG_DATA_KEY = wrong
    with pytest.raises(ImproperlyConfigured, match=said):
        secrets.seal("x", context="a.b.c")


def test_equal_values_have_equal_indexes_in_one_field_only() -> None:
    here = secrets.blind_index("13800000000", "cases.reporter.phone")
    assert here == secrets.blind_index("13800000000", "cases.reporter.phone")
    assert here != secrets.blind_index("13800000000", "registry.person.phone")
    assert len(here) == 32


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("0530-5551234", "053*****1234"),
        ("5551234", "55***34"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_phones_are_masked(phone: str, masked: str) -> None:
    assert secrets.mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三丰", "张**"), ("张三", "张*"), ("张", "张"), ("", ""), ("买买提·吐尔逊", "买**")],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert secrets.mask_name(name) == masked


@pytest.mark.django_db
def test_a_sealed_field_reads_and_writes_as_text() -> None:
    entry = audit.record("case", 1, "case_reported", by=SYSTEM, at=shanghai("2026-11-23 09:00"))
    AuditText.objects.create(entry=entry, body="王秀英")
    assert AuditText.objects.get(pk=entry.pk).body == "王秀英"
    with pytest.raises(TypeError, match=r"foundation\.audittext\.body holds text"):
        AuditText(entry=entry, body=5).save(force_insert=True)
