"""What the head of a public page says about it, also to others that show links to it (Open Graph, https://ogp.me/)."""

from __future__ import annotations

import functools

from babel.core import get_global
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.language.versions import VERSIONS, Version, version_of


def _attribute(content: str) -> SafeString:
    """A block is HTML already; within an attribute its quotes are written as entities as well."""
    return SafeString(" ".join(content.split()).replace('"', "&quot;"))


def head_title(content: str) -> SafeString:
    """The title of the page for the window and for links to it."""
    title = SafeString(content.strip())
    tag = format_html("<title>{} — {}</title>", title, _("CLAIR"))
    return tag + format_html('\n<meta property="og:title" content="{}">', _attribute(content))


def head_description(content: str) -> SafeString:
    """What the page is about in one sentence; without one, what the site is about."""
    said = _attribute(content) or _(
        "International work of the local governments of Japan: overseas offices, the JET Programme, sister ties, living in Japan."
    )
    tag = '<meta name="description" content="{}">\n<meta property="og:description" content="{}">'
    return format_html(tag, said, said)


def head_address(context: Context, content: str) -> SafeString:
    """The one address of the page, the picture and the languages that links to it show."""
    address, now = SafeString(content.strip()), version_of(get_language())
    lines = format_html(
        '<link rel="canonical" href="{}">\n<meta property="og:url" content="{}">\n<meta property="og:type" content="website">'
        '\n<meta property="og:site_name" content="{}">\n<meta property="og:image" content="{}{}">'
        '\n<meta property="og:locale" content="{}">\n',
        address, address, _("CLAIR"), context["frame"].site, static("og.png"), locale_of(now),
    )  # fmt: skip
    others = sorted({locale_of(each) for each in VERSIONS} - {locale_of(now)})
    alternates = format_html_join(
        "\n", '<meta property="og:locale:alternate" content="{}">', ((each,) for each in others)
    )
    return lines + alternates


@functools.cache
def locale_of(version: Version) -> str:
    """ja_JP, zh_TW: the language with the territory that CLDR holds likely for it."""
    language, _bar, rest = version.cldr.partition("_")
    likely = get_global("likely_subtags")
    full = (
        version.cldr if len(rest) == 2 else likely.get(version.cldr) or likely[language]
    )  # the table leaves out zh_Hans
    return f"{language}_{full.rpartition('_')[2]}"
