from __future__ import annotations

import pytest
from django.utils import translation

from clair_portal.language.codes import check_digit, validate_code


@pytest.mark.parametrize(
    "code",
    [
        "010006",  # Hokkaido
        "011002",  # Sapporo
        "012033",  # Otaru
        "131016",  # Chiyoda
        "130001",  # Tokyo
        "141003",  # Yokohama
        "261009",  # Kyoto
        "271004",  # Osaka
        "401307",  # Fukuoka
        "403440",  # Sue: the check digit is 0
        "394050",  # Yusuhara
        "473821",  # Yonaguni
        "472018",  # Naha
    ],
)
def test_check_digits_of_real_codes(code: str) -> None:
    assert check_digit(code[:5]) == code[5]
    assert validate_code(code) == code


@pytest.mark.parametrize("text", ["０１１００２", " 011002 ", "\u3000011002", "0１1００2"])
def test_width_and_spaces_do_not_matter(text: str) -> None:
    assert validate_code(text) == "011002"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "A local government code has digits only; “” has something else."),
        ("札幌市", "A local government code has digits only; “札幌市” has something else."),
        ("01-1002", "A local government code has digits only; “01-1002” has something else."),
        ("01100²", "A local government code has digits only; “01100²” has something else."),
        ("0110", "A local government code has six digits; 0110 has 4."),
        ("0110021", "A local government code has six digits; 0110021 has 7."),
        ("01100", "A local government code has six digits; 01100 has 5. Probably meant: 011002."),
        ("11002", "A local government code has six digits; 11002 has 5. Probably meant: 011002 / 110027."),
        ("99999", "A local government code has six digits; 99999 has 5."),
        ("480002", "A local government code begins with its prefecture, 01 to 47; 480002 begins with 48."),
        ("000000", "A local government code begins with its prefecture, 01 to 47; 000000 begins with 00."),
        ("011003", "There is a typing error in the code 011003: after 01100 the last digit would be 2."),
    ],
)
def test_what_is_wrong_is_said(text: str, sentence: str) -> None:
    with translation.override("en"), pytest.raises(ValueError) as refused:
        validate_code(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("five", ["", "0110", "011002", "0110a", "０１１００"])
def test_a_check_digit_needs_five_ascii_digits(five: str) -> None:
    with pytest.raises(ValueError, match="five ASCII digits"):
        check_digit(five)
