"""The six-digit codes of Japanese local governments (全国地方公共団体コード)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clair_portal.language.folding import to_ascii_digits

WEIGHTS = (6, 5, 4, 3, 2)
PREFECTURES = 47


def check_digit(five: str) -> str:
    """The sixth digit for the first five (JIS X 0402): weights 6, 5, 4, 3, 2; s is the sum of the products; 11 - s when
    s is below 11, otherwise 11 - (s mod 11); of that the last digit. Raises ValueError unless given five ASCII digits.
    """
    if len(five) != 5 or not (five.isascii() and five.isdigit()):
        raise ValueError(f"five ASCII digits are needed, not {five!r}")
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, five, strict=True))
    return str(11 - (total if total < 11 else total % 11))[-1]


def validate_code(text: str) -> str:
    """The code as six ASCII digits. Full-width digits and surrounding spaces are accepted.

    Raises ValueError with a translated sentence that names what is wrong. It does not know whether the place exists.
    """
    code = to_ascii_digits(text).strip()
    if not (code.isascii() and code.isdigit()):
        raise ValueError(_("A local government code has digits only; “%(text)s” has something else.") % {"text": text})
    if len(code) != 6:
        raise ValueError(_wrong_length(code))
    if not 1 <= int(code[:2]) <= PREFECTURES:
        raise ValueError(
            _("A local government code begins with its prefecture, 01 to 47; %(code)s begins with %(prefecture)s.")
            % {"code": code, "prefecture": code[:2]}
        )
    if code[5] != (expected := check_digit(code[:5])):
        raise ValueError(
            _("There is a typing error in the code %(code)s: after %(five)s the last digit would be %(expected)s.")
            % {"code": code, "five": code[:5], "expected": expected}
        )
    return code


def _wrong_length(code: str) -> str:
    words = {"code": code, "count": len(code), "right": " / ".join(_probably_meant(code))}
    if words["right"]:
        return _("A local government code has six digits; %(code)s has %(count)d. Probably meant: %(right)s.") % words
    return _("A local government code has six digits; %(code)s has %(count)d.") % words


def _probably_meant(code: str) -> list[str]:
    """For five digits: a leading zero lost in a spreadsheet, or the JIS code, which has no check digit."""
    if len(code) != 5:
        return []
    zero_lost = [f"0{code}"] if check_digit(f"0{code[:4]}") == code[4] else []
    return zero_lost + ([code + check_digit(code)] if 1 <= int(code[:2]) <= PREFECTURES else [])
