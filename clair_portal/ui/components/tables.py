"""Heads and cells of tables, and the line below them."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .icons import icon

MARKS = {"ascending": "▲", "descending": "▼"}


def th(
    context: Context, label: str, key: str = "", *, num: bool = False, hide: bool = False, param: str = "sort"
) -> SafeString:
    """A column head. With `key` it links to the list sorted by it (`?sort=key`, again `?sort=-key`), page forgotten.

    `num`: numbers, end-aligned. `hide`: for screen readers only (columns of buttons or boxes).
    """
    number = SafeString(' class="num"') if num else ""
    if hide:
        return format_html('<th scope="col"{}><span class="vh">{}</span></th>', number, label)
    if not key:
        return format_html('<th scope="col"{}>{}</th>', number, label)
    request: HttpRequest = context["request"]
    now = request.GET.get(param, "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    query = request.GET.copy()
    query.pop("page", None)
    query[param] = f"-{key}" if now == key else key
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}{}</a></th>',
        number,
        format_html(' aria-sort="{}"', direction) if direction else "",
        query.urlencode(),
        label,
        format_html(' <span aria-hidden="true">{}</span>', MARKS[direction]) if direction else "",
    )


def cell(content: str, label: str = "", *, num: bool = False) -> SafeString:
    """A cell that repeats its column's head as `label` when the table stacks on a phone."""
    return format_html(
        "<td{}{}><span>{}</span></td>",
        format_html(' data-l="{}"', label) if label else "",
        SafeString(' class="num"') if num else "",
        SafeString(content.strip()),
    )


def pager(
    *,
    previous: str = "",
    next: str = "",
    size: int = 0,
    first: int = 0,
    last: int = 0,
    total: int | None = None,
    more_than: int = 0,
    count_url: str = "",
    label: str = "",
) -> SafeString:
    """The line below a list: back and on by addresses, which rows these are, and how many there are.

    `total` when counted; `more_than` when counting stopped there, with `count_url` to count exactly. Empty when there
    is nothing to say.
    """
    inner = SafeString("")
    if previous:
        words = _("Previous %(size)s") % {"size": size} if size else _("Previous")
        inner += format_html('<a class="btn" rel="prev" href="{}">{} {}</a>', previous, icon("left"), words)
    if next:
        words = _("Next %(size)s") % {"size": size} if size else _("Next")
        inner += format_html('<a class="btn" rel="next" href="{}">{} {}</a>', next, words, icon("right"))
    if said := _how_many(first, last, total, more_than):
        exactly = format_html(' <a href="{}">{}</a>', count_url, _("Count exactly")) if count_url else ""
        inner += format_html('<span class="muted">{}{}</span>', said, exactly)
    if not inner:
        return inner
    return format_html('<nav class="pager" aria-label="{}">{}</nav>', label or _("Pages of this list"), inner)


def _how_many(first: int, last: int, total: int | None, more_than: int) -> str:
    if total is not None and last:
        return _("%(first)s to %(last)s of %(total)s") % {
            "first": f"{first:,}",
            "last": f"{last:,}",
            "total": f"{total:,}",
        }
    if total is not None:
        return _("%(total)s in all") % {"total": f"{total:,}"}
    return _("More than %(total)s") % {"total": f"{more_than:,}"} if more_than else ""
