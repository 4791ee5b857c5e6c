"""Who can sign in to the demo. The people are invented, their organisations are real."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "portal-sample-2026"  # noqa: S105 - printed by `make demo`; production refuses to start while a sample account exists


@dataclass(frozen=True)
class SamplePerson:
    key: str
    name: str
    latin: str
    kana: str
    code: str  # organisation
    role: str
    language: str = "ja"
    zone: str = "Asia/Tokyo"
    title: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@sample.example"


PEOPLE = (
    SamplePerson("otaru", "岩倉 はる", "Haru Iwakura", "いわくら はる", "012033", "member_officer"),
    SamplePerson("otaru.admin", "西村 圭", "Kei Nishimura", "にしむら けい", "012033", "organisation_administrator"),
    SamplePerson("sapporo", "藤田 葵", "Aoi Fujita", "ふじた あおい", "011002", "branch_officer"),
    SamplePerson("hokkaido", "森下 拓", "Taku Morishita", "もりした たく", "010006", "branch_officer"),
    SamplePerson("osaka", "中川 陸", "Riku Nakagawa", "なかがわ りく", "271004", "branch_officer"),
    SamplePerson("hq", "早川 みお", "Mio Hayakawa", "はやかわ みお", "HQ", "hq_officer"),
    SamplePerson("hq.admin", "高瀬 亮", "Ryo Takase", "たかせ りょう", "HQ", "hq_administrator"),
    SamplePerson("hq.manager", "黒田 実", "Minoru Kuroda", "くろだ みのる", "HQ", "hq_officer", title="企画調査課長"),
    SamplePerson("hq.director", "立花 誠", "Makoto Tachibana", "たちばな まこと", "HQ", "hq_officer", title="事務局長"),
    SamplePerson("london", "佐伯 悠", "Yu Saeki", "さえき ゆう", "LON", "office_officer", zone="Europe/London"),
    SamplePerson("newyork", "David Chen", "David Chen", "", "NYC", "office_officer", "en", "America/New_York"),
    SamplePerson("paris", "Camille Durand", "Camille Durand", "", "PAR", "office_officer", "en", "Europe/Paris"),
)
