"""What a support request adds to the printed case."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import when
from clair_portal.contacts.models import Stop, Visit
from clair_portal.reports import blocks
from clair_portal.reports.case_file import add_sections
from clair_portal.reports.itinerary_paper import days
from clair_portal.reports.itinerary_words import day_in, words_in
from offices.kinds import answers, detail, reports_on
from offices.models import Feedback
from offices.work.printed import work
from offices.workflow import KIND, PART_KIND


def _of_whole(case: Case) -> Q:
    return Q(case=case) | Q(case__parent=case)


def asked(case: Case, reader: Reader) -> list[blocks.Block]:
    """The longer answers of the requester."""
    found = answers(detail(case))
    return [blocks.heading(_("What is asked for")), blocks.facts(found)] if found else []


def report(case: Case, reader: Reader) -> list[blocks.Block]:
    """The report, one section an office, in the order in which they were sent."""
    found = reports_on(case, reader.scope)
    content = [blocks.heading(_("Report"))] if found else []
    for section in found:
        content.append(blocks.heading(str(section.office), 2))
        facts = [
            _("earlier report") if section.earlier else "",
            section.get_outcome_display() if section.outcome else "",
            when(section.sent_at) if section.sent_at else "",
        ]
        content += [blocks.quiet(" ".join(filter(None, facts))), blocks.text(section.body)]
    return content


def itineraries(case: Case, reader: Reader) -> list[blocks.Block]:
    """Each visit with its days, as far as the reader sees it on its page: places, hosts, interpreters."""
    visits = Visit.objects.visible_to(reader.scope).filter(_of_whole(case)).select_related("office")
    stops = Stop.objects.visible_to(reader.scope).filter(visit__in=visits)
    by_visit: dict[int, list[Stop]] = {}
    for stop in stops:
        by_visit.setdefault(stop.visit_id, []).append(stop)
    content: list[blocks.Block] = []
    for visit in visits.order_by("starts_on", "pk"):
        content += _visit(visit, by_visit.get(visit.pk, []))
    return [blocks.heading(_("Itineraries")), *content] if content else []


def _visit(visit: Visit, stops: list[Stop]) -> list[blocks.Block]:
    language = get_language() or "en"
    words = words_in(language)
    ends = " – ".join(dict.fromkeys(day_in(day, language) for day in (visit.starts_on, visit.ends_on)))
    about = [str(visit.office), ends, "" if visit.shared else _("only the office")]
    planned = days(stops, words, language, level=3) or [blocks.text(words.nothing)]
    return [blocks.heading(visit.title, 2), blocks.quiet("  ".join(filter(None, about))), *planned]


def feedback(case: Case, reader: Reader) -> list[blocks.Block]:
    """What the requester said of the help."""
    said = list(Feedback.objects.visible_to(reader.scope).filter(case=case).order_by("number"))
    content = [blocks.heading(_("Feedback of the requester"))] if said else []
    for each in said:
        score = _("%(score)s of 5") % {"score": each.score}
        content += [blocks.quiet(f"{score}  {when(each.created_at)}"), blocks.text(each.comment)]
    return content


def sections(case: Case, reader: Reader) -> list[blocks.Block]:
    made = (asked, itineraries, work, report, feedback)
    return [block for section in made for block in section(case, reader)]


for _kind in (KIND, PART_KIND):
    add_sections(_kind, sections)
