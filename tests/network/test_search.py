from __future__ import annotations

import pytest

from clair_portal.network.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed", ["小樽", "おたる", "オタル", "ｵﾀﾙ", "otaru", "Otaru-shi", "ＯＴＡＲＵ", "012033", "０１２０３３"]
)
def test_otaru_is_found_however_it_is_typed(reference: str, typed: str) -> None:
    assert list(Organisation.objects.named(typed).values_list("code", flat=True)) == ["012033"]


@pytest.mark.parametrize("typed", ["須惠町", "須恵町"])
def test_old_and_new_characters_find_the_same_town(reference: str, typed: str) -> None:
    assert list(Organisation.objects.named(typed).values_list("name_ja", flat=True)) == ["須恵町"]


@pytest.mark.parametrize("typed", ["Minoh", "Minoo", "みのお", "箕面"])
def test_minoh_is_found_in_each_of_its_spellings(reference: str, typed: str) -> None:
    assert "272205" in Organisation.objects.named(typed).values_list("code", flat=True)


@pytest.mark.parametrize(
    ("typed", "code"), [("Gotenba", "222151"), ("Gotemba", "222151"), ("龍ケ崎", "082082"), ("竜ヶ崎", "082082")]
)
def test_spellings_of_one_sound_find_the_same_city(reference: str, typed: str, code: str) -> None:
    assert list(Organisation.objects.named(typed).values_list("code", flat=True)) == [code]


def test_all_words_must_occur(reference: str) -> None:
    assert list(Organisation.objects.named("London CLAIR").values_list("code", flat=True)) == ["LON"]
    assert not Organisation.objects.named("London Otaru").exists()


def test_places_of_the_same_name_are_all_found(reference: str) -> None:
    assert set(Organisation.objects.named("府中市").values_list("code", flat=True)) == {"132063", "342084"}
