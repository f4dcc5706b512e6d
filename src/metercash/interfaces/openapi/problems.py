"""Errors as problem documents (RFC 9457) with stable codes."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from metercash.kernel.errors import MetercashError


CONTENT_TYPE = "application/problem+json"


class FieldProblem(Schema):
    """One field that is wrong."""

    field: str
    reason: str


class Problem(Schema):
    """A problem document.

    Attributes:
        code: Stable identifier; programs decide by it, never by the sentences.
        title: English sentence.
        detail: Chinese sentence for the end user.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []


def problem(
    *, status: int, code: str, title: str, detail: str, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Render one problem document."""
    body = {
        "type": f"urn:metercash:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": errors or [],
    }
    return JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def install(api: NinjaAPI) -> None:
    """Answer every failure of the API as a problem document."""
    api.add_exception_handler(MetercashError, _expected)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)


def _expected(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(status=error.status, code=error.code, title=error.english, detail=error.chinese)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {"field": ".".join(str(part) for part in item["loc"]), "reason": str(item["msg"])}
        for item in error.errors
    ]
    return problem(
        status=422,
        code="api.invalid_request",
        title="The request does not match the schema",
        detail="请求内容不符合接口定义，请对照 errors 逐项修改。",
        errors=errors,
    )


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    title = HTTPStatus(error.status_code).phrase
    return problem(
        status=error.status_code,
        code=f"http.{error.status_code}",
        title=title,
        detail=str(error),
    )
