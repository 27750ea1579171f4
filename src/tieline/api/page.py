"""The description of the API as a page to read: made here, nothing fetched, no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tieline.api.access import ACCESS
from tieline.api.routes import API
from tieline.settings import node

__all__ = ["docs"]


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A parameter, or a field of a form."""

    name: str
    form: str
    needed: bool
    says: str


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One thing that can be called."""

    method: str
    path: str
    name: str
    says: str
    roles: str
    parameters: tuple[FieldLine, ...]
    body: str
    gives: str


@dataclass(frozen=True, slots=True)
class FormLine:
    """The form of a body or an answer."""

    name: str
    says: str
    fields: tuple[FieldLine, ...]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """What can be called, with what, and what comes back."""
    operations, forms = _described()
    context = {
        "demo": node().demo,
        "about": API.description,
        "operations": operations,
        "forms": forms,
    }
    return render(request, "api/docs.html", context)


@cache
def _described() -> tuple[tuple[OperationLine, ...], tuple[FormLine, ...]]:
    schema = API.get_openapi_schema()
    return tuple(_operations(schema)), tuple(_forms(schema["components"]["schemas"]))


def _operations(schema: Mapping[str, Any]) -> Iterator[OperationLine]:
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            name = about["operationId"]
            body = about.get("requestBody", {})
            yield OperationLine(
                method=method.upper(),
                path=path,
                name=name,
                says=about.get("description", ""),
                roles=", ".join(sorted(ACCESS.get(f"api:v1:{name}") or ())).replace("_", " "),
                parameters=tuple(
                    FieldLine(
                        one["name"],
                        _form(one["schema"]),
                        one["required"],
                        one.get("description", ""),
                    )
                    for one in about["parameters"]
                ),
                body=_content(body),
                gives=", ".join(
                    f"{status} {_content(answer)}"
                    for status, answer in about["responses"].items()
                    if int(status) < 300
                ),
            )


def _forms(schemas: Mapping[str, Any]) -> Iterator[FormLine]:
    for name, about in sorted(schemas.items()):
        needed = about.get("required", ())
        if "enum" in about:
            values = ", ".join(map(str, about["enum"]))
            yield FormLine(name, f"One of: {values}.", ())
            continue
        yield FormLine(
            name,
            about.get("description", ""),
            tuple(
                FieldLine(field, _form(form), field in needed, form.get("description", ""))
                for field, form in about.get("properties", {}).items()
            ),
        )


def _content(about: Mapping[str, Any]) -> str:
    content = about.get("content", {}).get("application/json", {})
    return _form(content["schema"]) if "schema" in content else ""


def _form(schema: Mapping[str, Any]) -> str:
    """A schema in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for joint in ("anyOf", "oneOf", "allOf"):
        if joint in schema:
            return " or ".join(dict.fromkeys(map(_form, schema[joint])))
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_form(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")
