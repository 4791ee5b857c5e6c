"""Translations as the desk shows them: many at once, with what there is to do, for whom and by when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from clair_portal.accounts.reader import Reader
from clair_portal.publishing.content import rules, states
from clair_portal.publishing.content.cutting import bare
from clair_portal.publishing.content.names import language_name
from clair_portal.publishing.content.notifications import path_of
from clair_portal.publishing.enums import LanguageState, SentenceState
from clair_portal.publishing.models import Item, Linguist, PublishedText, Segment, TranslatedSegment, Translation

TO_DO = {LanguageState.MISSING, LanguageState.IN_TRANSLATION, LanguageState.STALE}


@dataclass(frozen=True)
class Row:
    """`characters`: of the source sentences that are to be translated. `mine`: "translate", "review" or nothing."""

    translation: Translation
    standing: states.Standing
    characters: int
    mine: str
    today: dt.date

    @property
    def url(self) -> str:
        return path_of(self.translation)

    @property
    def language(self) -> str:
        return language_name(self.translation.language)

    @property
    def due(self) -> dt.date | None:
        """The day that counts now: of the review once it was handed in; none where everything is done."""
        if self.done:
            return None
        return self.translation.review_due_on if self.waiting else self.translation.due_on

    @property
    def late(self) -> bool:
        return self.due is not None and self.due < self.today

    @property
    def done(self) -> bool:
        return self.standing.work == LanguageState.APPROVED

    @property
    def waiting(self) -> bool:
        return self.standing.work == LanguageState.WAITING

    @property
    def state(self) -> str:
        """What is to be done with it; where nothing is, whether it is public."""
        return str(LanguageState(self.standing.state if self.done else self.standing.work).label)

    @property
    def total(self) -> int:
        return len(self.standing.sentences)


@dataclass(frozen=True)
class Facts:
    """Of many translations: newest sentences by item, texts by translation, proofs by item and language."""

    source: dict[int, list[Segment]]
    texts: dict[int, dict[UUID, TranslatedSegment]]
    proofs: dict[tuple[int, str], tuple[list[list[str]], bool]]

    def standing(self, each: Translation) -> states.Standing:
        proof, whole = self.proofs.get((each.item_id, each.language), (None, False))
        return states.standing(
            self.source[each.item_id], self.texts[each.pk], handed_in=each.handed_in_at is not None, proof=proof, whole=whole
        )  # fmt: skip


def facts_of(translations: Sequence[Translation]) -> Facts:
    """Three statements, however many."""
    items = {each.item_id for each in translations}
    source: dict[int, list[Segment]] = defaultdict(list)
    newest = Segment.objects.filter(version__item__in=items, version__number=F("version__item__number"))
    for each in newest.select_related("version").order_by("place"):
        source[each.version.item_id].append(each)
    texts: dict[int, dict[UUID, TranslatedSegment]] = defaultdict(dict)
    for row in TranslatedSegment.objects.filter(translation__in=translations).defer("source_text", "warned", "pairs"):
        texts[row.translation_id][row.key] = row
    public = PublishedText.objects.filter(item__in=items, withdrawn_at=None).values_list(
        "item", "language", "proof", "whole"
    )
    return Facts(source, texts, {(item, language): (proof, whole) for item, language, proof, whole in public})


def public_languages(items: Sequence[Item]) -> dict[int, list[str]]:
    """Codes by item, in the order of the languages; one statement."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = PublishedText.objects.filter(item__in=items, withdrawn_at=None).values_list("item", "language")
    for item, code in sorted(rows, key=lambda row: rules.place_of(row[1])):
        found[item].append(code)
    return found


def rows_of(
    translations: Sequence[Translation], reader: Reader, today: dt.date, skills: dict[str, Linguist] | None = None
) -> list[Row]:
    """`skills`: of the reader, known already."""
    facts, skills = facts_of(translations), skills_of(reader) if skills is None else skills
    return [_row(each, facts, skills, reader, today) for each in translations]


def finished_rows(finished: Sequence[Any], reader: Reader, today: dt.date) -> list[Row]:
    """Of finished translations `with_public`; sentences are read only where another version than the newest is public."""
    older = [each for each in finished if each.public_version not in (None, each.item.number)]
    known = {row.translation.pk: row for row in rows_of(older, reader, today)} if older else {}
    return [known.get(each.pk) or _settled(each, today) for each in finished]


def _settled(each: Any, today: dt.date) -> Row:
    public = each.public_version is not None
    state = LanguageState.PUBLISHED if public else LanguageState.APPROVED
    return Row(each, states.Standing(LanguageState.APPROVED, state, {}, states.Behind(), public), 0, "", today)


def skills_of(reader: Reader) -> dict[str, Linguist]:
    """What the reader's posting may do, by language."""
    if reader.chosen is None:
        return {}
    return {each.language: each for each in Linguist.objects.filter(posting=reader.chosen.id)}


def _row(each: Translation, facts: Facts, skills: dict[str, Linguist], reader: Reader, today: dt.date) -> Row:
    standing = facts.standing(each)
    open_ = [
        segment for segment in facts.source[each.item_id]
        if standing.to_translate and standing.sentences[segment.key] in (SentenceState.MISSING, SentenceState.STALE)
    ]  # fmt: skip
    mine = _mine(each, standing, facts.texts[each.pk], skills.get(each.language), reader)
    return Row(each, standing, sum(len(bare(segment.text)) for segment in open_), mine, today)


def _mine(
    each: Translation,
    standing: states.Standing,
    texts: dict[UUID, TranslatedSegment],
    skill: Linguist | None,
    reader: Reader,
) -> str:
    """Whether it waits for the reader: named, or nobody is named and the reader may do it."""
    if skill is None or reader.chosen is None:
        return ""
    me = reader.chosen.id
    if standing.work in TO_DO and skill.translates and each.translator_id in (None, me) and reader.can(rules.TRANSLATE):
        return "translate"
    others = any(row.made_by != reader.person and row.approved_by is None for row in texts.values())
    if standing.work == LanguageState.WAITING and skill.reviews and each.reviewer_id in (None, me) and others:
        return "review" if reader.can(rules.REVIEW) else ""
    return ""


def waiting_for(reader: Reader, today: dt.date, limit: int = 20) -> list[Row]:
    """For the desk: what the reader is to translate or review, what is due first before the rest."""
    skills = skills_of(reader) if reader.can(rules.READ) else {}
    if not skills:
        return []
    me = reader.chosen.id if reader.chosen else None
    named = Q(translator=None) | Q(translator=me) | Q(reviewer=None) | Q(reviewer=me)
    found = Translation.objects.visible_to(reader.scope).filter(named, language__in=list(skills)).select_related("item")
    rows = [row for row in rows_of(list(found.unfinished()), reader, today, skills) if row.mine]
    return sorted(rows, key=lambda row: (row.due is None, row.due or today, row.translation.pk))[:limit]
