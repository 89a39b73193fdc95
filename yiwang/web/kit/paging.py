"""Keyset paging: a page costs the same wherever it lies, and never shows a row twice while rows are added."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

M = TypeVar("M", bound=models.Model)
PARAMETER = "after"


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows and the token of the next page (None at the end); `first` is false beyond the first page."""

    rows: list[M]
    next: str | None
    first: bool

    def __bool__(self) -> bool:
        return bool(self.rows)


def page_of(
    queryset: "models.QuerySet[M]", request: HttpRequest, *, by: tuple[str, ...], size: int = 50
) -> Page[M]:
    """The page a request asks for, ordered by fields that are never null, the last of them unique ("-id" descends)."""
    return after(queryset, request.GET.get(PARAMETER), by=by, size=size)


def after(
    queryset: "models.QuerySet[M]", token: str | None, *, by: tuple[str, ...], size: int = 50
) -> Page[M]:
    """The rows after a token; a token nobody made begins at the beginning."""
    values = _read(queryset.model, token, by) if token else None
    rows = queryset.order_by(*by)
    if values:
        rows = rows.filter(_beyond(by, values))
    found = list(rows[: size + 1])
    more = len(found) > size
    return Page(found[:size], _token(found[size - 1], by) if more else None, first=values is None)


def token_of(row: models.Model, by: tuple[str, ...]) -> str:
    """The token of the page after this row."""
    return _token(row, by)


def place_of(model: type[models.Model], token: str | None, by: tuple[str, ...]) -> list[Any] | None:
    """The values a token holds; None for none, or for one nobody made."""
    return _read(model, token, by) if token else None


def _beyond(by: tuple[str, ...], values: list[Any]) -> Q:
    """(a, b) > (x, y), spelled out for mixed directions; the first field alone lets the index begin there."""
    condition, same = Q(), Q()
    for name, value in zip(by, values, strict=True):
        field, way = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        condition |= same & Q(**{f"{field}__{way}": value})
        same &= Q(**{field: value})
    lead = by[0].lstrip("-")
    bound = "lte" if by[0].startswith("-") else "gte"
    return Q(**{f"{lead}__{bound}": values[0]}) & condition


def _token(row: models.Model, by: tuple[str, ...]) -> str:
    values = [_value(row, name.lstrip("-")) for name in by]
    packed = json.dumps(values, cls=_Exact, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


class _Exact(DjangoJSONEncoder):
    """Moments to the microsecond: the usual encoder cuts them, and a row would be shown twice."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _read(model: type[models.Model], token: str, by: tuple[str, ...]) -> list[Any] | None:
    try:
        padded = token + "=" * (-len(token) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
        fields = [_field(model, name.lstrip("-")) for name in by]
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (binascii.Error, ValueError, TypeError, ValidationError):
        return None


def _field(model: type[models.Model], path: str) -> "models.Field[Any, Any]":
    field: Any = None
    for part in path.split("__"):
        field = (model if field is None else field.related_model)._meta.get_field(part)
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(path)
    return field
