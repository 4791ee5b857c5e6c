"""What a support request adds to the printed case."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import when
from clair_portal.reports import blocks
from clair_portal.reports.case_file import add_sections
from offices.kinds import answers, detail, reports_on
from offices.workflow import KIND, PART_KIND


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
            section.get_outcome_display() if section.outcome else "",
            when(section.sent_at) if section.sent_at else "",
        ]
        content += [blocks.quiet(" ".join(filter(None, facts))), blocks.text(section.body)]
    return content


for _kind in (KIND, PART_KIND):
    add_sections(_kind, lambda case, reader: [*asked(case, reader), *report(case, reader)])
