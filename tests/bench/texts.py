"""Invented documents in the scripts of the seventeen versions, the same for the same seed: words by Zipf, three sentences each."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field

from django.conf import settings

from clair_portal.search import words

SCRIPTS = {
    "ja": "国際交流地方自治体研修支援事務所都市姉妹多文化共生日本語教育災害防災外国人住民相談窓口派遣青年語学指導港湾観光農業福祉環境産業あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわアイウエオカキクケコサシスセソタチツテト",
    "ja-simple": "にほんごやさしいことばくらしそうだんまちひとくにがっこうびょういんじしんつなみひなん日本語町人国学校",
    "zh-hans": "国际交流地方政府研修支援事务所城市友好多元文化日语教育灾害防灾外国居民咨询窗口派遣青年外语指导港口旅游农业福利环境产业",
    "zh-hant": "國際交流地方政府研修支援事務所城市友好多元文化日語教育災害防災外國居民諮詢窗口派遣青年外語指導港口旅遊農業福利環境產業",
    "ko": "국제교류지방자치단체연수지원사무소도시자매다문화공생일본어교육재해방재외국인주민상담창구파견청년어학지도",
    "my": "ကခဂဃငစဆဇဈညတထဒဓနပဖဗဘမယရလဝသဟအာိီုူေဲံ့း",
    "th": "กขคงจชซญดตถทธนบปผพฟภมยรลวศษสหอะาิีึืุูเแโใไ่้",
    "ne": "कखगघचछजझटठडढतथदधनपफबभमयरलवशषसहािीुूेैोौं",
    "ru": "абвгдежзиклмнопрстуфхцчшщыьэюя",
    "vi": "abcdeghiklmnopqrstuvxyăâđêôơưáàảạếềệốồộớờợứừự",
}
LATIN = "abcdefghijklmnopqrstuvwxyz"
JOINED = frozenset(("ja", "ja-simple", "zh-hans", "zh-hant", "th", "my"))  # written without spaces
KINDS = (("page", 60), ("story", 50), ("organisation", 40), ("tie", 30))


@dataclass
class Voice:
    """A language: its words from the most frequent on, and sentences made of them, each with its folded text and terms."""

    code: str
    words: list[str]
    sentences: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    terms: list[list[str]] = field(default_factory=list)


def voices(seed: int, *, vocabulary: int = 4000, sentences: int = 4000) -> list[Voice]:
    chance = random.Random(seed)
    return [_voice(code, chance, vocabulary, sentences) for code, _name in settings.LANGUAGES]


def _voice(code: str, chance: random.Random, vocabulary: int, sentences: int) -> Voice:
    letters = SCRIPTS.get(code, LATIN)
    lengths = (2, 4) if letters is SCRIPTS.get(code) and code in ("ja", "zh-hans", "zh-hant", "ko") else (3, 9)
    made = {"".join(chance.choices(letters, k=chance.randint(*lengths))) for _each in range(vocabulary)}
    voice = Voice(code, sorted(made))
    chance.shuffle(voice.words)
    weights = list(itertools.accumulate(1 / (place + 2) for place in range(len(voice.words))))
    for _each in range(sentences):
        said = chance.choices(voice.words, cum_weights=weights, k=chance.randint(8, 14))
        sentence = ("" if code in JOINED else " ").join(said)
        voice.sentences.append(sentence)
        voice.folded.append(words.folded(sentence).strip())
        voice.terms.append(words.terms(sentence))
    return voice
