"""The portal's addresses and views that provoke what a view should not do. Used by tests and by tests/hammer.py only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path

from clair_portal import urls as portal
from clair_portal.accounts.rules import everybody, signed_in
from clair_portal.casework.models import Case
from clair_portal.walls.scope import acting

handler400, handler403, handler404, handler500 = (
    portal.handler400,
    portal.handler403,
    portal.handler404,
    portal.handler500,
)
STATE = (
    "select current_user, current_setting('role'), coalesce(current_setting('app.person', true), ''), "
    "coalesce(current_setting('app.posting', true), ''), coalesce(current_setting('app.organisations', true), '')"
)
CLEAN = ["portal_web", "none", "", "", ""]


def state_of_connection() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return list(cursor.fetchone())


@signed_in("GET", "POST")
def trial(request: Any, kind: str) -> HttpResponse:
    """Changes every case it sees, then goes wrong in one way."""
    seen = Case.objects.visible_to(request.scope)
    list(seen.order_by("pk").select_for_update(of=("self",)))  # in one order, or the hammer makes deadlocks
    seen.update(title="half done")
    if kind == "exception":
        raise ZeroDivisionError
    if kind == "missing":
        raise Http404
    if kind == "denied":
        raise PermissionDenied
    if kind == "answers 500":
        return HttpResponse(status=500)
    if kind == "answers 503":
        return HttpResponse(status=503)
    if kind == "caught":
        try:
            _twice()
        except IntegrityError:
            pass
    if kind == "caught in a savepoint":
        try:
            with transaction.atomic():
                _twice()
        except IntegrityError:
            pass
    return HttpResponse("saved", status=422 if kind == "answers 422" else 200)


def _twice() -> None:
    """A row that exists already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into walls_cache (cache_key, value, expires) values ('x', '', now()), ('y', '', now()), ('x', '', now())"
        )


@signed_in()
def lazy(request: Any) -> HttpResponse:
    """The query runs when the template is rendered, after the view has returned."""
    template = engines["django"].from_string("{% for case in cases %}{{ case.title }} {% endfor %}")
    return TemplateResponse(request, template, {"cases": Case.objects.all()})  # type: ignore[arg-type]


@signed_in()
def stream(request: Any, kind: str) -> StreamingHttpResponse:
    """`naive` forgets that it runs after the transaction."""

    def naive() -> Iterator[str]:
        for title in Case.objects.values_list("title", flat=True):
            yield f"{title}\n"

    def scoped() -> Iterator[str]:
        with acting(request.scope):
            yield from naive()

    return StreamingHttpResponse(scoped() if kind == "scoped" else naive())


@signed_in()
def who(request: Any) -> JsonResponse:
    with CaptureQueriesContext(connection) as queries:
        email, signed_in_at = request.user.email, request.session.get("signed_in_at")
    return JsonResponse(
        {
            "state": state_of_connection(),
            "email": email,
            "has a session": signed_in_at is not None,
            "queries for user and session": len(queries),
            "cases": sorted(Case.objects.values_list("title", flat=True)),
            "sees by filter": sorted(Case.objects.visible_to(request.scope).values_list("title", flat=True)),
        }
    )


@signed_in()
def remember(request: Any) -> HttpResponse:
    request.session["remembered"] = request.session.get("remembered", 0) + 1
    return HttpResponse(str(request.session["remembered"]))


@signed_in()
def on_commit(request: Any) -> HttpResponse:
    """What runs after COMMIT is nobody's."""
    seen: list[int] = []
    request.session["seen"] = seen
    transaction.on_commit(lambda: seen.append(Case.objects.count()))
    return HttpResponse(str(Case.objects.count()))


@everybody()
def left(request: HttpRequest) -> JsonResponse:
    """Outside every scope: what the requests before have left on this connection."""
    return JsonResponse({"state": state_of_connection()})


urlpatterns = [
    path("desk/trial/<str:kind>/", trial),
    path("desk/lazy/", lazy),
    path("desk/stream/<str:kind>/", stream),
    path("desk/who/", who),
    path("desk/remember/", remember),
    path("desk/on-commit/", on_commit),
    path("healthz-left/", left),  # paths that begin with /healthz open no scope
    *portal.urlpatterns,
]
