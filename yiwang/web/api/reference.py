"""The description of the interface, for staff who connect another system: as a page, and as OpenAPI."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.web.api.reports import api
from yiwang.web.kit.access import Needs, page

Schema = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One value of a body: its name, its type in short, and what is said about it."""

    name: str
    type: str
    required: bool
    note: str


@dataclass(frozen=True)
class Operation:
    """One thing a program can do: the request, the fields of its body, the answers by status."""

    method: str
    path: str
    summary: str
    fields: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]


@page(Needs.SIGNED_IN, methods=("GET", "HEAD"))
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(_described(), json_dumps_params={"ensure_ascii": False})


@page(Needs.SIGNED_IN, methods=("GET", "HEAD"))
def reference(request: HttpRequest) -> HttpResponse:
    schema = _described()
    context = {"operations": list(_operations(schema)), "types": list(_types(schema))}
    return render(request, "api/reference.html", context)


def _described() -> Schema:
    return api.get_openapi_schema(path_prefix=reverse("api:reference"))


def _operations(schema: Schema) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield Operation(
                method.upper(),
                path,
                operation.get("description") or operation["summary"],
                tuple(_body(schema, operation)),
                tuple(_answers(operation)),
            )


def _body(schema: Schema, operation: Schema) -> Iterator[Field]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _fields(schema, _resolved(schema, content["schema"]))


def _types(schema: Schema) -> Iterator[tuple[str, str, list[Field]]]:
    """What is answered; what is sent stands with its operation."""
    for name, described in schema["components"]["schemas"].items():
        if "properties" in described and not name.startswith("New"):
            yield name, described.get("description", ""), list(_fields(schema, described))


def _fields(schema: Schema, described: Schema) -> Iterator[Field]:
    required = described.get("required", [])
    for name, value in described.get("properties", {}).items():
        note = value.get("description", "")
        yield Field(name, _type(_known(schema, value)), name in required, note)


def _known(schema: Schema, value: Schema) -> Schema:
    """A closed list of values instead of its name."""
    alone = value["allOf"][0] if len(value.get("allOf", [])) == 1 else value
    resolved = _resolved(schema, alone)
    return resolved if "enum" in resolved else alone


def _type(value: Schema) -> str:
    if "anyOf" in value:
        return " | ".join(_type(choice) for choice in value["anyOf"])
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "items" in value:
        return f"[{_type(value['items'])}]"
    if "enum" in value:
        return " | ".join(str(choice) for choice in value["enum"])
    return str(value.get("format") or value.get("type", "any"))


def _answers(operation: Schema) -> Iterator[tuple[str, str]]:
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json", {}).get("schema")
        yield str(status), _type(content) if content else "—"


def _resolved(schema: Schema, value: Schema) -> Schema:
    if "$ref" not in value:
        return value
    found: Schema = schema["components"]["schemas"][value["$ref"].rpartition("/")[2]]
    return found
