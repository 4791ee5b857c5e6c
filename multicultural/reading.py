"""Small files of the pillar that pages show as they are: chapters, topics, languages of services, topics of disasters."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from multicultural.loading import read
from multicultural.words import CHAPTERS, GUIDES, SERVICES, STAGES, language_name

GUIDE = "guide"  # the kind of text that a chapter is (publishing/content)


@dataclass(frozen=True)
class Chapter:
    """A chapter of the living guide in the order of the guide of 2014."""

    order: int
    title_ja: str
    source: str

    @property
    def title(self) -> str:
        return str(CHAPTERS[self.order])


@dataclass(frozen=True)
class Topic:
    """A heading of another guide on the subject of a chapter; we put them together."""

    guide: str
    heading_ja: str
    heading_en: str

    @property
    def guide_name(self) -> str:
        return str(GUIDES[self.guide])


@functools.cache
def chapters() -> dict[int, Chapter]:
    rows = (Chapter(int(row["order"]), row["title_ja"], row["source"]) for row in read("chapters.csv"))
    return {row.order: row for row in rows}


def places() -> list[tuple[str, str]]:
    """Where texts of the guide can stand: the number of a chapter is the address of its text."""
    return [(str(order), f"{order}. {chapter.title}") for order, chapter in chapters().items()]


@functools.cache
def topics() -> dict[int, list[Topic]]:
    found: dict[int, list[Topic]] = {}
    for row in read("topics.csv"):
        found.setdefault(int(row["chapter"]), []).append(Topic(row["guide"], row["heading_ja"], row["heading_en"]))
    return found


@functools.cache
def _languages() -> dict[str, tuple[str, list[str]]]:
    found: dict[str, tuple[str, list[str]]] = {}
    for row in read("languages.csv"):
        found.setdefault(row["service"], (row["source"], []))[1].append(row["language"])
    return found


def languages_of(service: str) -> list[str]:
    return _languages()[service][1]


def services() -> list[dict[str, object]]:
    """Each service with its languages, named in the language of the page."""
    return [
        {"name": SERVICES[key], "languages": [language_name(code) for code in codes], "source": source}
        for key, (source, codes) in _languages().items()
    ]


@functools.cache
def _disaster_topics() -> list[dict[str, str]]:
    return list(read("disaster_topics.csv"))


def disaster_topics() -> list[dict[str, object]]:
    """The topics of the model texts, by stage, with their source."""
    rows = _disaster_topics()
    return [{"stage": label, "topics": [row for row in rows if row["stage"] == key]} for key, label in STAGES.items()]
