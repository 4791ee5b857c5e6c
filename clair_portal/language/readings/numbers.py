"""How numbers are read with what they count: 20日 はつか, 一人 ひとり, 3か月 げつ. Rules of school grammar, written out."""

from __future__ import annotations

import re
import unicodedata

_KANJI_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "億": 100_000_000, "兆": 1_000_000_000_000}
_NUMERAL = "[〇一二三四五六七八九十百千]"
_DIGITS = "[0-90-9][0-90-9,,.]*"
NUMBER = re.compile(
    rf"(?P<number>{_DIGITS}|{_NUMERAL}+)(?P<counter>日中(?=[にはもをの、。]|$)|日間|日|人|分間|分|月|階|本|杯|匹|泊|版|か国|カ国|ヶ国|か月|カ月|ヶ月)(?!本人|隔|曜|常|程|々|給|記|付)"
)
FRACTION = re.compile(rf"(?P<number>{_DIGITS}|{_NUMERAL}+)分(?=の(?:{_DIGITS}|{_NUMERAL}+)(?!回|本|コマ))")
LARGE = re.compile(rf"(?P<number>{_DIGITS})(?P<unit>[万億兆])")
LARGE_UNITS = {"万": "まん", "億": "おく", "兆": "ちょう"}
NUMERAL = re.compile(f"{_NUMERAL}+")
# 十分 is enough, unless something of time stands around it.
_MINUTES_BEHIND = re.compile("間|後|前|以内|以上|未満|ごと|おき|ほど|程|くらい|ぐらい|かか|から|まで|遅|早|待|休|歩")
# Counters whose first sound shortens 一 六 八 十 百 before them (一回 いっかい), before s and t not 六 (六歳 ろくさい).
_BEFORE_K = ("回", "件", "個", "校", "課", "級", "巻", "軒", "局", "機関", "県", "国", "か所", "カ所", "ヶ所", "箇所")
_BEFORE_S_T = (
    "歳",
    "冊",
    "週",
    "週間",
    "社",
    "種",
    "種類",
    "者",
    "席",
    "章",
    "周年",
    "通",
    "点",
    "頭",
    "棟",
    "着",
    "体",
)
_SHORT = (("いち", "いっ"), ("はち", "はっ"), ("じゅう", "じゅっ"))
_SHORT_K = (*_SHORT, ("ろく", "ろっ"), ("ひゃく", "ひゃっ"))
_SHORTENED = {**dict.fromkeys(_BEFORE_K, _SHORT_K), **dict.fromkeys(_BEFORE_S_T, _SHORT),
              "年": (("よん", "よ"),), "時": (("よん", "よ"), ("なな", "しち"), ("きゅう", "く"))}  # fmt: skip
_ONES = ("", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
_HUNDREDS = {3: "さんびゃく", 6: "ろっぴゃく", 8: "はっぴゃく"}
_THOUSANDS = {3: "さんぜん", 8: "はっせん"}
_DAYS = {1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか", 9: "ここのか",
         10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか"}  # fmt: skip
_DAYS_ON = {"日": "", "日間": "かん", "日中": "ちゅう"}
WEEKDAY = re.compile(r"[((]([月火水木金土日])(?=[))・、])")
WEEKDAYS = dict(zip("月火水木金土日", ("げつ", "か", "すい", "もく", "きん", "ど", "にち"), strict=True))
_MONTHS = {4: "し", 7: "しち", 9: "く"}


def kanji_number(text: str) -> int | None:
    """The value of 二十三 or of 二〇二五; None for anything else."""
    if not text or any(c not in _KANJI_DIGITS and c not in _UNITS for c in text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(_KANJI_DIGITS[c]) for c in text)) if len(text) > 1 or text != "〇" else 0
    total, digit = 0, 0
    for c in text:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _KANJI_DIGITS[c]
    return total + digit


def spoken(number: int) -> str:
    """A number from 1 to 9999 in hiragana."""
    thousands, rest = divmod(number, 1000)
    hundreds, rest = divmod(rest, 100)
    tens, ones = divmod(rest, 10)
    return (
        _THOUSANDS.get(thousands, _ONES[thousands] * (thousands > 1) + "せん" * bool(thousands))
        + _HUNDREDS.get(hundreds, _ONES[hundreds] * (hundreds > 1) + "ひゃく" * bool(hundreds))
        + _ONES[tens] * (tens > 1)
        + "じゅう" * bool(tens)
        + _ONES[ones]
    )


def reading_of(number: str, counter: str, after_month: bool) -> tuple[str, str]:
    """Readings of the number and its counter, ("", x) where only the counter is to carry one, ("", "") for none.

    A number whose reading melts into the counter's (20日 はつか) gets the whole reading in the second place and "*" in the
    first. `after_month`: the number stands behind 月, so 1日 is a date.
    """
    digits = unicodedata.normalize("NFKC", number).replace(",", "")
    written_in_kanji = not digits[:1].isdecimal() or not digits.isascii()
    value = kanji_number(number) if written_in_kanji else int(digits) if digits.isdecimal() else None
    if value is None:
        return "", ""
    said = spoken(value) if written_in_kanji and 0 < value < 10_000 else ""
    melted, reading = _counted(value, counter, after_month)
    if melted:
        return "*", melted
    return _joined(said, value, counter), reading


def _counted(value: int, counter: str, after_month: bool) -> tuple[str, str]:
    if counter in _DAYS_ON:
        rest = _DAYS_ON[counter]
        if value in _DAYS and (value > 1 or (after_month and rest != "かん")):
            return _DAYS[value] + rest, ""
        return "", "にち" + ("じゅう" if rest == "ちゅう" and value == 1 else rest)
    if counter == "人":
        return {1: "ひとり", 2: "ふたり"}.get(value, ""), "にん"
    if counter == "月":
        return "", "がつ"
    if counter == "版":
        return "", "はん"
    if counter.endswith("国"):
        return "", counter[0] + "こく"
    if counter.endswith("月"):
        return "", counter[0] + "げつ"
    return "", _changed(value, counter)


def _changed(value: int, counter: str) -> str:
    last = value % 10
    plain, p, b = {"分": ("ふん", "ぷん", "ぷん"), "分間": ("ふんかん", "ぷんかん", "ぷんかん"), "本": ("ほん", "ぽん", "ぼん"),
                   "杯": ("はい", "ぱい", "ばい"),
                   "泊": ("はく", "ぱく", "ぱく"), "匹": ("ひき", "ぴき", "びき"), "階": ("かい", "かい", "がい")}[counter]  # fmt: skip
    if last in (1, 6, 8) or (last == 0 and value):
        return p
    if last == 3 or (counter.startswith("分") and last == 4):
        return b
    return plain


def _joined(said: str, value: int, counter: str) -> str:
    """The number before its counter: 四月 し, 七時 しち, 十分 じゅっ."""
    if counter == "月" and said:
        return _MONTHS.get(value, said)
    if counter in {"分", "分間", "本", "杯", "匹", "階", "泊"} or counter[:1] in "かカヶ":
        for full, short in (("いち", "いっ"), ("ろく", "ろっ"), ("はち", "はっ"), ("じゅう", "じゅっ")):
            if said.endswith(full) and not (full in {"ろく", "はち"} and counter.startswith("階") and value == 0):
                return said[: -len(full)] + short
    if counter == "人" and value % 10 == 4:
        return said[:-2] + "よ"
    if counter in _DAYS_ON:
        return _ended(said, (("なな", "しち"), ("きゅう", "く")))
    return said


def enough(text: str, place: int) -> bool:
    """Whether 十分 here is じゅうぶん and no time."""
    behind = place + 2
    return (
        text.startswith("十分", place) and text[place - 1 : place] != "時" and not _MINUTES_BEHIND.match(text, behind)
    )


def before_counter(number: str, text: str, end: int, ends: set[int]) -> str:
    """The reading of a number in kanji before a counter that changes it: 一回 いっ, 四年 よ; "" where none does.

    `ends`: where words of the dictionary end, so that 一回答 is no 一回.
    """
    counter = max((each for each in _SHORTENED if text.startswith(each, end)), key=len, default="")
    value = kanji_number(number)
    if (
        not counter or not value or value >= 10_000 or (end not in ends and counter != "回")
    ):  # 一回 is a word of its own
        return ""
    if counter not in {"年", "時"} and end + len(counter) not in ends:
        return ""
    said = spoken(value)
    changed = _ended(said, _SHORTENED[counter])
    return changed if changed != said else ""


def _ended(said: str, changes: tuple[tuple[str, str], ...]) -> str:
    """The number with its last sound changed, as it was where nothing changes."""
    return next((said.removesuffix(full) + short for full, short in changes if said.endswith(full)), said)
