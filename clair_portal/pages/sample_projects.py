"""A sample project of the demo with cases of two years; the real ones of the sources come with the reference data."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from clair_portal.casework.models import Case
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation
from clair_portal.pages.sample_cases import DAY, reader_named
from clair_portal.projects.models import Project
from clair_portal.projects.services import add_case, begin_project, write_sentence
from clair_portal.walls.scope import acting

CASES = ("冬季の公共交通に関する視察(見本)", "雪まつりの海外発信に関する意見交換(見本)")


def load(now: dt.datetime) -> None:
    partner = Organisation.objects.create(
        kind=Kind.FOREIGN_LOCAL_GOVERNMENT, code="GB-SAMPLE", name_ja="見本市(英国)", name_en="Sample City Council",
        country_id="GB", time_zone="Europe/London", working_languages=["en"], sample=True,
    )  # fmt: skip
    parties = [Organisation.objects.get(code="011002"), partner]
    actor, today = reader_named("london", now), timezone.localdate(now)
    titles = {"title_ja": "雪国の都市交流(見本)", "title_en": "Winter cities (sample)"}
    with acting(actor.scope):
        project = begin_project(
            values={**titles, "strands": ["transport", "culture", "staff_exchange"], "begun": today.year - 1},
            parties=parties, state="planned", day=today - 400 * DAY, actor=actor, now=now - 400 * DAY,
        )  # fmt: skip
        write_sentence(
            project, day=today - 310 * DAY, state="active", actor=actor, now=now - 310 * DAY,
            text_ja="両市の担当者がオンラインで会い、除雪と公共交通を最初の主題にしました(見本)。",
            text_en="Staff of both cities met online and chose snow clearing and public transport to begin with (sample).",
        )  # fmt: skip
        for case in Case.objects.visible_to(actor.scope).filter(title__in=CASES).order_by("pk"):
            add_case(project, case, actor=actor, now=now)
    Project.objects.filter(pk=project.pk).update(sample=True)
