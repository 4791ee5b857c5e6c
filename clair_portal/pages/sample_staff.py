"""A sample change of staff for the next 1 April, still a draft, and a handover that is being written."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from clair_portal.accounts.models import Posting
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.rules import sides_of
from clair_portal.casework.services import take_on
from clair_portal.pages.sample_cases import DAY, reader_named
from clair_portal.staffing.models import HandoverPack, StaffChange
from clair_portal.staffing.packs import write_notes
from clair_portal.staffing.services import keep_draft
from clair_portal.staffing.sheet import Row
from clair_portal.walls.scope import acting

IN_CHARGE = ("冬季の公共交通に関する視察(見本)", "英仏の港湾再生に関する視察(見本)")
NOTES = """冬季の公共交通の視察(見本)は、行程表を共有済みです。残っているのは通訳の手配だけです。

交通局への連絡は電話よりメールが早く返ってきます。毎年1月は予算の時期で、面会は2月以降がよいです。

次の年度も同じ団体から視察の相談が来る見込みです。早めに日程を聞いておくとよいと思います。"""


def load(now: dt.datetime) -> None:
    last = FiscalYear.of(now).last_day
    first = last + DAY
    rows = [
        Row(6, name="佐伯 悠", email="london@sample.example", ends_on=last, successor="見本 花子", organisation="HQ",
            role="hq_officer", starts_on=first, note="見本"),
        Row(7, name="見本 花子", name_latin="Hanako Mihon", email="hanako@sample.example", organisation="LON",
            role="office_officer", starts_on=first, next_ends_on=first.replace(year=first.year + 2) - DAY,
            sending_body="011002", note="見本"),
        Row(8, name="早川 みお", email="hq@sample.example", ends_on=last, organisation="NYC", role="office_officer",
            starts_on=first, note="見本"),
    ]  # fmt: skip
    actor = reader_named("hq.admin", now)
    with acting(actor.scope):
        change = keep_draft(rows, actor=actor, now=now)
    StaffChange.objects.filter(pk=change.pk).update(sample=True)
    _notes(now)


def _notes(now: dt.datetime) -> None:
    actor = reader_named("london", now)
    posting = Posting.objects.get(person=actor.person)
    with acting(actor.scope), timezone.override("Europe/London"):
        for case in Case.objects.visible_to(actor.scope).filter(title__in=IN_CHARGE):
            if Holder.OFFICE in sides_of(case, actor):
                take_on(case, Holder.OFFICE, actor=actor, now=now)
        pack = write_notes(posting, body=NOTES, version=0, actor=actor, now=now)
    HandoverPack.objects.filter(pk=pack.pk).update(sample=True)
