"""Hosts that stand in the contact book twice. A proposal: people decide and merge."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from django.db.models import CharField, F, Func, Q, Value
from django.db.models.functions import Length, StrIndex

from clair_portal.contacts.models import Host, HostPerson
from clair_portal.contacts.queries import HostQuerySet
from clair_portal.language import folding

SHORTEST = 4  # a shorter name is contained in too many others
PROPOSED, PAIRS = 10, 50


def likely_doubles(host: Host) -> list[Host]:
    """Going-on hosts with the same website or a person with the same address, or, in the same country, one name in the
    other's. `host` may be unsaved."""
    name = folding.fold(host.name)
    near = _with_key(Host.objects.going_on()).exclude(pk=host.pk or 0)
    alike = Q(country=host.country_id, long_enough__gte=SHORTEST) & (Q(in_mine__gt=0) | Q(mine_in__gt=0))
    alike = alike if len(name) >= SHORTEST else Q(country=host.country_id, key=name)
    near = near.annotate(in_mine=StrIndex(Value(name), F("key")), mine_in=StrIndex(F("key"), Value(name)))
    also = [*_with_same_person(host), *_with_same_words(host)]
    found = near.filter(alike | _same_site(host.website) | Q(pk__in=also))
    return list(found.select_related("country").order_by("name", "pk")[:PROPOSED])


def _with_key(hosts: HostQuerySet) -> HostQuerySet:
    """`key`: the folded name."""
    return hosts.annotate(key=_KEY).annotate(long_enough=Length("key"))


_BETWEEN_WORDS = re.compile(r"[\s,;:/()&.\-]+")
_JOINING = {"the", "of", "and", "for", "in", "de", "des", "du", "la", "le", "les", "der", "die", "das", "und", "für"}
# The first word of the search text.
_KEY = Func(F("search_text"), Value(" "), Value(1), function="split_part", output_field=CharField())


def _same_site(address: str) -> Q:
    site = site_of(address)
    return Q(website__iregex=rf"^https?://(www\.)?{_literal(site)}(/|$|:)") if site else Q(pk__in=[])


def _literal(text: str) -> str:
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in text)


def _with_same_person(host: Host) -> Iterable[int]:
    if not host.pk:
        return []
    emails = host.people.exclude(email="").values_list("email", flat=True)
    return HostPerson.objects.filter(email__in=list(emails)).exclude(host=host).values_list("host", flat=True)


def _with_same_words(host: Host) -> list[int]:
    """In the same country, the same words in whatever order: Council of Camden, Camden Council."""
    words, there = _words(host.name), Host.objects.going_on().filter(country=host.country_id).exclude(pk=host.pk or 0)
    return [pk for pk, name in there.values_list("pk", "name") if _words(name) == words] if len(words) > 1 else []


def _words(name: str) -> tuple[str, ...]:
    """Folded and sorted, without the small ones that only join others."""
    parts = _BETWEEN_WORDS.split(folding.fold_characters(name))
    return tuple(sorted({word for part in parts if (word := folding.fold(part))} - _JOINING))


def site_of(address: str) -> str:
    """The site an address belongs to: https://www.Camden.example/a and http://camden.example are one."""
    return address.split("//")[-1].split("/")[0].split(":")[0].lower().removeprefix("www.")


def likely_pairs() -> list[tuple[Host, Host]]:
    """Pairs in the whole book that share name and country, website, or a person's address; at most PAIRS."""
    pairs: dict[tuple[int, int], None] = {}
    for pks in _sharing().values():
        pairs |= dict.fromkeys(combinations(sorted(pks), 2))
        if len(pairs) >= PAIRS:
            break
    hosts = Host.objects.select_related("country").in_bulk({pk for pair in pairs for pk in pair})
    return [(hosts[one], hosts[two]) for one, two in list(pairs)[:PAIRS]]


def _sharing() -> dict[tuple[str, ...], set[int]]:
    """What hosts share → the hosts."""
    found: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for pk, keys in _keys():
        for key in keys:
            found[key].add(pk)
    return {key: pks for key, pks in found.items() if len(pks) > 1}


def _keys() -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    rows = Host.objects.going_on().values_list("pk", "country", _KEY, "website", "name").order_by("pk")
    for pk, country, key, website, name in rows:
        site, words = site_of(website), _words(name)
        yield pk, [
            ("name", country, key), *([("site", site)] if site else []),
            *([("words", country, *words)] if len(words) > 1 else []),
        ]  # fmt: skip
    people = HostPerson.objects.exclude(email="").filter(host__merged_into=None).order_by("pk")
    for pk, email in people.values_list("host", "email"):
        yield pk, [("email", email.lower())]
