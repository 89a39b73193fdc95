"""Names and telephones unreadable in the table: AES-256-GCM with the key outside the database.

A sealed value is: key id (1 byte) · nonce (12 bytes) · ciphertext with tag. The context (which field it belongs to) is
authenticated, so a value copied into another column does not open. `YIWANG_DATA_KEY` holds one key, or several by
comma: the first seals, the others still open what they sealed.
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

NONCE = 12
DEVELOPMENT_KEY = hashlib.sha256(
    b"yiwang: a key for development and tests, not for people"
).digest()


class CannotOpen(Exception):
    """A sealed value was changed, belongs to another field, or was sealed with a key this program does not have."""


def seal(plaintext: str, *, context: str) -> bytes:
    """Encrypt a text for one context ("app.model.field")."""
    keys = _keys(settings.YIWANG_DATA_KEY)
    key_id = next(iter(keys))
    nonce = os.urandom(NONCE)
    sealed = keys[key_id].encrypt(nonce, plaintext.encode(), context.encode())
    return bytes([key_id]) + nonce + sealed


def open_sealed(blob: bytes | memoryview, *, context: str) -> str:
    """Decrypt what `seal` made for the same context.

    Raises:
        CannotOpen: wrong key, wrong context, or changed bytes.
    """
    value = bytes(blob)
    cipher = _keys(settings.YIWANG_DATA_KEY).get(value[0]) if value else None
    if cipher is None:
        raise CannotOpen(f"{context}: sealed with a key that is not in YIWANG_DATA_KEY")
    try:
        opened = cipher.decrypt(value[1 : 1 + NONCE], value[1 + NONCE :], context.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"{context}: the sealed value does not open") from error
    return opened.decode()


def fingerprint_key() -> str:
    """Eight signs that tell two keys apart and betray neither; for `yiwang check` and backups."""
    return fingerprint_of(_raw_keys(settings.YIWANG_DATA_KEY)[0])


def fingerprint_of(key: bytes) -> str:
    """The same of any key."""
    return hashlib.sha256(b"fingerprint" + key).hexdigest()[:8]


def keys_in(setting: str) -> tuple[bytes, ...]:
    """The keys of a value of YIWANG_DATA_KEY, the sealing one first.

    Raises:
        ImproperlyConfigured: empty, not base64, or not 32 bytes.
    """
    if not setting:
        raise ImproperlyConfigured("YIWANG_DATA_KEY is empty: 32 bytes in base64 are needed")
    return tuple(_decoded(part.strip()) for part in setting.split(","))


def blind_index(value: str, context: str) -> bytes:
    """32 bytes, equal for equal values of one context: finds a sealed value without opening any.

    Uses the last key of the list, so that adding a new key in front breaks no index.
    """
    key = hmac.digest(_raw_keys(settings.YIWANG_DATA_KEY)[-1], b"blind index", "sha256")
    return hmac.digest(key, f"{context}\x00{value}".encode(), "sha256")


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678; a shorter number shows two signs at either end, a very short one none."""
    size = len(phone)
    if size < 7:
        return "*" * size
    front, back = (3, 4) if size >= 11 else (2, 2)
    return phone[:front] + "*" * (size - front - back) + phone[-back:]


def mask_name(name: str) -> str:
    """张三丰 → 张**, 张三 → 张*; never more than two stars, so that length tells little."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""


def _raw_keys(setting: str) -> tuple[bytes, ...]:
    if setting:
        return keys_in(setting)
    if settings.DEBUG or "PYTEST_VERSION" in os.environ:
        return (DEVELOPMENT_KEY,)
    return keys_in(setting)


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured("YIWANG_DATA_KEY is not base64") from error
    if len(key) != 32:
        raise ImproperlyConfigured(f"YIWANG_DATA_KEY holds {len(key)} bytes, 32 are needed")
    return key


@lru_cache(maxsize=4)
def _keys(setting: str) -> dict[int, AESGCM]:
    """Ciphers by key id, the sealing one first."""
    raw = _raw_keys(setting)
    ciphers = {hashlib.sha256(b"id" + key).digest()[0]: AESGCM(key) for key in raw}
    if len(ciphers) != len(raw):
        raise ImproperlyConfigured("two keys of YIWANG_DATA_KEY share an id: make another key")
    return ciphers


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # django-stubs: generic only for the checker
    """A text on the model, sealed bytes in the table. It cannot be searched; keep a `blind_index` beside it for that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        text = str(value) if isinstance(value, (str, Promise)) else ""
        if not isinstance(value, (str, Promise)):
            raise TypeError(f"{self.context} holds text, not {type(value).__name__}")
        return seal(text, context=self.context)

    def from_db_value(
        self, value: Any, expression: object, connection: "BaseDatabaseWrapper"
    ) -> str | None:
        return None if value is None else open_sealed(value, context=self.context)

    def to_python(self, value: Any) -> Any:
        return value

    def get_default(self) -> Any:
        return (
            None if self.null and not self.has_default() else models.Field.get_default(self) or ""
        )

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.context} is sealed and is not written to a fixture")
