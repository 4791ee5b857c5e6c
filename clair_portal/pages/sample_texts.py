"""Sample texts of the demo in several languages and states: a news release and a chapter of the guide, both saying 見本."""

from __future__ import annotations

import datetime as dt

from clair_portal.accounts.models import Posting
from clair_portal.pages.sample_cases import reader_named
from clair_portal.publishing.content import assigning, releasing, services, translating
from clair_portal.publishing.models import Item, Translation
from clair_portal.walls.scope import acting

RELEASE = {
    "title": "海外活動支援の説明会を開きます(見本)",
    "summary": "自治体の皆さまのための説明会です(見本)。",
    "body": "説明会は2月10日にオンラインで開きます。\n定員は100名です。\n\n## 申込み方法\n\n支部に連絡してください。参加は無料です。",
}
# Facts: research/domain-exchange-multicultural.md C6, reference/one_stop_desk_consultations_fy2023.csv (the source named below).
GUIDE = {
    "title": "相談窓口に多い相談(見本)",
    "summary": "外国人住民のための{一元的相談窓口|いちげんてきそうだんまどぐち}に寄せられた相談です(見本)。",
    "body": "2023年度は、238の地方公共団体が国の交付金を受けて一元的相談窓口を置きました。\nこの年度の相談は558,040件でした。\n\n"
    "## 多かった相談\n\n- 税金:10.9%\n- 手続一般:10.2%\n- 社会保険・年金:8.5%\n\n"
    "## 相談に使われた言語\n\n- ポルトガル語:38.6%\n- 日本語:20.4%\n- 英語:12.0%\n\n"
    "出典:[出入国在留管理庁の資料についての記事](https://www.horei.co.jp/gis/topics/)",
}
ENGLISH = (
    "Briefing on overseas activity support (sample)",
    "This briefing is for local governments (sample).",
    "The briefing takes place online on 10 February (2/10).",
    "There is room for 100 people.",
    "How to register",
    "Please contact your branch.",
    "Taking part is free.",
)
VIETNAMESE = (
    "Buổi giới thiệu về hỗ trợ hoạt động ở nước ngoài (mẫu)",
    "Buổi giới thiệu này dành cho chính quyền địa phương (mẫu).",
)
GUIDE_ENGLISH = (
    "What consultation desks are asked most (sample)",
    "These are questions put to one-stop consultation desks for foreign residents (sample).",
    "In fiscal year 2023, 238 local governments received a state grant for a one-stop consultation desk.",
    "In that fiscal year there were 558,040 consultations.",
    "Most frequent subjects",
    "Tax: 10.9%",
    "Procedures in general: 10.2%",
    "Social insurance and pension: 8.5%",
    "Languages used",
    "Portuguese: 38.6%",
    "Japanese: 20.4%",
    "English: 12.0%",
    "Source: [article on material of the Immigration Services Agency](https://www.horei.co.jp/gis/topics/)",
)
GUIDE_FRENCH = (
    "Ce que l’on demande le plus aux guichets de consultation (exemple)",
    "Voici les questions posées aux guichets uniques de consultation pour les résidents étrangers (exemple).",
    "Au cours de l’exercice 2023, 238 collectivités locales ont reçu une subvention de l’État pour un guichet unique de consultation.",
    "Au cours de cet exercice, il y a eu 558 040 consultations.",
    "Sujets les plus fréquents",
    "Impôts : 10,9 %",
    "Démarches en général : 10,2 %",
    "Assurances sociales et retraite : 8,5 %",
    "Langues utilisées",
    "Portugais : 38,6 %",
    "Japonais : 20,4 %",
    "Anglais : 12,0 %",
    "Source : [article sur un document de l’Agence des services d’immigration](https://www.horei.co.jp/gis/topics/)",
)


def load(now: dt.datetime) -> None:
    _linguists(now)
    release = _item("release", "briefing-sample", RELEASE, now)
    english = _translated(release, "en", ENGLISH, "newyork", now)
    _approved(english, "london", now)
    _released(release, ("ja", "en"), now)
    _translated(release, "vi", VIETNAMESE, "london", now, hand_in=False)
    _changed(release, now)  # the public English version is one sentence behind from here on
    guide = _item("guide", "17", GUIDE, now)
    english = _translated(guide, "en", GUIDE_ENGLISH, "newyork", now, machine=True)
    _approved(english, "london", now)
    _released(guide, ("ja", "en"), now)
    _translated(guide, "fr", GUIDE_FRENCH, "paris", now)  # waits for review


def _linguists(now: dt.datetime) -> None:
    actor = reader_named("hq", now)
    with acting(actor.scope):
        for key, language, translates, reviews in (
            ("newyork", "en", True, False), ("london", "en", True, True), ("london", "vi", True, False),
            ("london", "fr", False, True), ("paris", "fr", True, True),
        ):  # fmt: skip
            posting = Posting.objects.get(person__email=f"{key}@sample.example")
            assigning.permit(posting, language, translates=translates, reviews=reviews, actor=actor, now=now)


def _item(kind: str, slug: str, texts: dict[str, str], now: dt.datetime) -> Item:
    actor = reader_named("hq", now)
    with acting(actor.scope):
        return services.create(
            kind=kind, slug=slug, language="ja", title=texts["title"], summary=texts.get("summary", ""), body=texts["body"],
            what="見本", sample=True, actor=actor, now=now,
        )  # fmt: skip


def _translated(
    item: Item,
    language: str,
    texts: tuple[str, ...],
    who: str,
    now: dt.datetime,
    *,
    machine: bool = False,
    hand_in: bool = True,
) -> Translation:
    headquarters, actor = reader_named("hq", now), reader_named(who, now)
    with acting(headquarters.scope):
        found = translating.begin(item, language)
        posting = Posting.objects.get(person__email=f"{who}@sample.example")
        assigning.assign(
            found, translator=posting, reviewer=None, due_on=(now + dt.timedelta(days=10)).date(), review_due_on=None,
            actor=headquarters, now=now,
        )  # fmt: skip
    with acting(actor.scope):
        for source, text in zip(services.sentences_of(item), texts, strict=False):
            terms = [each.code for each in translating.all_remarks(found, source.text, text)]
            translating.translate(
                found, key=source.key, text=text, digest=source.digest, seen=0, machine=machine, confirmed=terms, actor=actor,
                now=now,
            )  # fmt: skip
        if hand_in:
            translating.hand_in(found, actor=actor, now=now)
    return found


def _approved(translation: Translation, who: str, now: dt.datetime) -> None:
    actor = reader_named(who, now)
    with acting(actor.scope):
        seen = dict(translation.sentences.values_list("key", "version"))
        translating.approve(translation, seen=seen, actor=actor, now=now)


def _released(item: Item, languages: tuple[str, ...], now: dt.datetime) -> None:
    actor = reader_named("hq", now)
    with acting(actor.scope):
        for language in languages:
            releasing.release(item, language, actor=actor, now=now)


def _changed(item: Item, now: dt.datetime) -> None:
    actor = reader_named("hq", now)
    body = RELEASE["body"].replace("100名", "150名")
    with acting(actor.scope):
        services.edit(item, title=RELEASE["title"], summary=RELEASE["summary"], body=body, seen=1, actor=actor, now=now)
        releasing.release(item, "ja", actor=actor, now=now)
