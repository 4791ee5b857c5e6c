"""Pages of the contact book. With `?case=` a host is picked for a case, and every page leads back to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.audit.models import Reading
from clair_portal.audit.sentences import in_language
from clair_portal.audit.services import record_reading
from clair_portal.casework.list_pages import as_file, list_page
from clair_portal.casework.listing import asked_of
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.casework.shown import both, shown_in, to_send_back
from clair_portal.contacts import book
from clair_portal.contacts.doubles import likely_doubles, likely_pairs
from clair_portal.contacts.forms import HostForm, HostPersonForm, HostUseForm, MergeForm
from clair_portal.contacts.host_list import HOSTS
from clair_portal.contacts.models import Host, HostPerson, HostUse
from clair_portal.network.models import Country, Language
from clair_portal.walls.roles import HEADQUARTERS

PAGE, FOUND, READINGS_SHOWN = 100, 20, 50
READ, WRITE = "contacts.read", "cases.work"


# --- The list ---------------------------------------------------------------------------------------------------------
@needs(READ)
def hosts(request: Any) -> HttpResponse:
    """The contact book. For a case: those for its fields first, then the last used, to pick one."""
    case = _case(request)
    return _to_pick(request, case) if case else list_page(request, HOSTS, "contacts/book.html")


@needs(READ, "POST")
def hosts_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(HOSTS, request.GET, request.reader))


def _to_pick(request: Any, case: Case) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    country = request.GET.get("country", case.countries[0] if case.countries else "")[:2]
    found = Host.objects.visible_to(request.scope).going_on().with_last_use().select_related("country")
    found = found.named(query) if query else found
    found = found.filter(country=country) if country else found
    rows = list(found.for_field(case.topics)[: PAGE + 1])
    known = Host.objects.visible_to(request.scope).values("country")
    context = {
        "hosts": rows[:PAGE], "there_are_more": len(rows) > PAGE, "page": PAGE, "query": query, "country": country,
        "case": case, "countries": Country.objects.filter(pk__in=known).order_by("name"),
        "may_write": request.reader.can(WRITE),
    }  # fmt: skip
    return render(request, "contacts/hosts.html", context)


def _case(request: Any) -> Case | None:
    """The case a host is looked for; 404 for one the reader does not see."""
    pk = request.POST.get("case") or request.GET.get("case") or ""
    if not pk:
        return None
    cases = Case.objects.visible_to(request.scope).for_list()
    return get_object_or_404(cases, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)


def _host(request: Any, pk: int) -> Host:
    return get_object_or_404(Host.objects.visible_to(request.scope).select_related("country", "merged_into"), pk=pk)


def _going_on(request: Any, pk: int) -> Host:
    """The host, or the one it was merged into since the page was opened."""
    found = _host(request, pk)
    return _host(request, found.merged_into_id) if found.merged_into_id else found


# --- One host -----------------------------------------------------------------------------------------------------------
@needs(READ)
def host(request: Any, pk: int) -> HttpResponse:
    """The host, who is there, and how it went, with whom and for which case."""
    found, scope = _host(request, pk), request.scope
    uses = HostUse.objects.visible_to(scope).filter(host=found).select_related("office", "person")
    rows = list(uses.order_by("-day", "-pk"))
    cases = Case.objects.visible_to(scope).filter(pk__in={use.case_id for use in rows if use.case_id})
    numbers = dict(cases.values_list("pk", "number"))
    mine = set(scope.organisations)
    context = {
        "host": found, "case": _case(request), "may_write": request.reader.can(WRITE),
        "people": HostPerson.objects.visible_to(scope).filter(host=found).order_by("-active", "name"),
        "uses": [{"use": use, "number": numbers.get(use.case_id or 0), "mine": use.office_id in mine} for use in rows],
        "languages": Language.objects.filter(pk__in=found.languages),
        "doubles": [] if found.merged_into_id else likely_doubles(found),
    }  # fmt: skip
    return render(request, "contacts/host.html", context)


@needs(WRITE, "GET", "POST")
def new_host(request: Any) -> HttpResponse:
    """A host that is perhaps in the book already is added only when somebody says that it is another one."""
    case = _case(request)
    country = case.countries[0] if case and case.countries else request.GET.get("country", "")[:2]
    form = HostForm(request.POST or None, initial={"country": country, "topics": case.topics if case else []})
    doubles: list[Host] = []
    if request.method == "POST" and form.is_valid():
        doubles = likely_doubles(form.instance)
        if not doubles or "another" in request.POST:
            made = book.add_host(values=form.cleaned_data, actor=request.reader, now=timezone.now())
            return redirect(_to(made, case))
    context = {"form": form, "doubles": doubles, "case": case}
    return render(request, "contacts/host_form.html", context, status=422 if form.is_bound else 200)


def _to(host: Host, case: Case | None) -> str:
    """Where it goes on: to the host, or to noting it for the case it was added for."""
    if case is None:
        return reverse("host", args=[host.pk])
    return f"{reverse('host_use', args=[host.pk])}?case={case.pk}"


@needs(WRITE, "GET", "POST")
def edit_host(request: Any, pk: int) -> HttpResponse:
    found, shown = _going_on(request, pk), shown_in(request.POST)
    form = HostForm(request.POST or None, instance=found)
    more = {"shown": to_send_back(request, found, form.fields)}
    if request.method == "POST" and form.is_valid():
        try:
            book.change_host(found, values=form.cleaned_data, shown=shown, actor=request.reader, now=timezone.now())
        except Conflict as error:
            more = both(form, shown=shown, stored=_host(request, found.pk))
            form.add_error(None, str(error))
        else:
            return redirect("host", pk=found.pk)
    context = {"form": form, "host": found, "instead": request.path, **more}
    return render(request, "contacts/host_form.html", context, status=422 if form.is_bound else 200)


# --- People there -------------------------------------------------------------------------------------------------------
def _person(request: Any, pk: int) -> HostPerson:
    return get_object_or_404(HostPerson.objects.visible_to(request.scope).select_related("host"), pk=pk)


@needs(READ)
def person(request: Any, pk: int) -> HttpResponse:
    """How to reach somebody at a host. Showing it is recorded; headquarters, which answers who saw whom, reads the record."""
    found = _person(request, pk)
    if request.method == "GET":
        record_reading(found, what="contacts.person", reader=request.reader.signature)
    uses = HostUse.objects.visible_to(request.scope).filter(person=found).select_related("office")
    readings = Reading.objects.visible_to(request.scope).of(found)[:READINGS_SHOWN]
    opened = [{"at": each.at, "reader": in_language(each.reader)} for each in readings]
    context = {
        "person": found, "host": found.host, "uses": uses.order_by("-day", "-pk"),
        "readings": opened if request.scope.role == HEADQUARTERS else (),
        "may_write": request.reader.can(WRITE),
    }  # fmt: skip
    return render(request, "contacts/person.html", context)


@needs(WRITE, "GET", "POST")
def new_person(request: Any, pk: int) -> HttpResponse:
    found = _going_on(request, pk)
    form = HostPersonForm(request.POST or None, initial={"active": True})
    if request.method == "POST" and form.is_valid():
        made = book.add_person(found, values=form.cleaned_data, actor=request.reader)
        return redirect("host", pk=made.host_id)
    return _form(request, form, found, _("New person at %(host)s") % {"host": found}, _("Add the person"))


@needs(WRITE, "GET", "POST")
def edit_person(request: Any, pk: int) -> HttpResponse:
    found, shown = _person(request, pk), shown_in(request.POST)
    form = HostPersonForm(request.POST or None, instance=found)
    more = {"shown": to_send_back(request, found, form.fields)}
    if request.method == "GET":
        record_reading(found, what="contacts.person", reader=request.reader.signature)
    elif form.is_valid():
        try:
            book.change_person(found, values=form.cleaned_data, shown=shown, actor=request.reader)
        except Conflict as error:
            more = both(form, shown=shown, stored=_person(request, pk), together=(book.REACHED,))
            form.add_error(None, str(error))
        else:
            return redirect("host", pk=found.host_id)
    return _form(request, form, found.host, _("Correct a person"), _("Save it"), more=more)


# --- How it went --------------------------------------------------------------------------------------------------------
@needs(WRITE, "GET", "POST")
def new_use(request: Any, pk: int) -> HttpResponse:
    """An office works with the host: for the case it was picked for, or on its own account."""
    found, case = _going_on(request, pk), _case(request)
    form = HostUseForm(request.POST or None, initial={"day": timezone.localdate()}, host=found)
    if request.method == "POST" and form.is_valid():
        try:
            noted = book.note_use(found, values=form.cleaned_data, case=case, actor=request.reader)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            return redirect(path_of(case) + "#hosts" if case else reverse("host", args=[noted.host_id]))
    heading = _("%(host)s for this case") if case else _("How it went with %(host)s")
    return _form(request, form, found, heading % {"host": found}, _("Note it"), case)


def _noted(request: Any, pk: int) -> HostUse:
    uses = HostUse.objects.visible_to(request.scope).filter(office__in=request.scope.organisations)
    return get_object_or_404(uses.select_related("host"), pk=pk)


@needs(WRITE, "GET", "POST")
def edit_use(request: Any, pk: int) -> HttpResponse:
    """An office corrects what it has noted, or says afterwards how it went."""
    found, shown = _noted(request, pk), shown_in(request.POST)
    case = Case.objects.visible_to(request.scope).filter(pk=found.case_id).first() if found.case_id else None
    form = HostUseForm(request.POST or None, instance=found, host=found.host)
    more = {"shown": to_send_back(request, found, form.fields)}
    if request.method == "POST" and form.is_valid():
        try:
            book.change_use(found, values=form.cleaned_data, shown=shown, actor=request.reader)
        except Conflict as error:
            more = both(form, shown=shown, stored=_noted(request, pk))
            form.add_error(None, str(error))
        else:
            return redirect(path_of(case) + "#hosts" if case else reverse("host", args=[found.host_id]))
    heading = _("How it went with %(host)s") % {"host": found.host}
    return _form(request, form, found.host, heading, _("Save it"), case, more)


def _form(
    request: Any, form: Any, host: Host, heading: str, button: str, case: Case | None = None,
    more: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "host": host, "heading": heading, "button": button, "case": case}
    context |= {"instead": request.path, **(more or {})}
    return render(request, "contacts/book_form.html", context, status=422 if form.is_bound else 200)


# --- Doubles --------------------------------------------------------------------------------------------------------------
@needs(READ)
def doubles(request: Any) -> HttpResponse:
    """What is perhaps in the book twice."""
    context = {"pairs": likely_pairs(), "may_write": request.reader.can(WRITE)}
    return render(request, "contacts/doubles.html", context)


@needs(WRITE, "GET", "POST")
def merge_host(request: Any, pk: int) -> HttpResponse:
    """Choose which of the likely doubles, or of those found by name, goes on."""
    found, query = _host(request, pk), request.GET.get("q", "").strip()[:100]
    named = (
        Host.objects.visible_to(request.scope).going_on().named(query).exclude(pk=pk) if query else Host.objects.none()
    )
    choices = {host.pk: host for host in [*likely_doubles(found), *named.select_related("country")[:FOUND]]}
    form = MergeForm(request.POST or None, choices=list(choices.values()), initial={"into": request.GET.get("into")})
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            book.merge_hosts(found, into=into, actor=request.reader, now=timezone.now())
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Merged. People, history and stops stand here now."))
            return redirect("host", pk=into.pk)
    context = {"form": form, "host": found, "query": query, "choices": choices}
    return render(request, "contacts/merge.html", context, status=422 if form.is_bound else 200)
