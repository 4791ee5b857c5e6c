"""The tags of the portal. A builtin library: templates need no {% load %}.

Each name leads to one function of clair_portal.ui.components, where its properties are declared and described.
"""

from __future__ import annotations

from typing import Any

from django import template

from clair_portal.language import cldr
from clair_portal.ui.components import fields, heads, icons, marks, messages, tables, text

register = template.Library()

# marks: they print a few characters within a row
register.simple_tag(icons.icon, name="icon")
register.simple_tag(marks.badge, name="badge")
register.simple_tag(marks.deadline, name="deadline")
register.simple_tag(marks.ball, name="ball")
register.simple_tag(marks.count, name="count")
register.simple_tag(marks.tag, name="tag")
register.simple_tag(text.named, name="named")
register.filter("whole", text.whole)

# as the language of the page writes them
register.filter("day", cldr.day)
register.filter("month", cldr.month)
register.filter("when", cldr.when)
register.filter("number", cldr.number)
register.filter("percent", cldr.percent)

# the head of public pages
register.simple_block_tag(heads.head_title, name="head_title")
register.simple_block_tag(heads.head_description, name="head_description")
register.simple_block_tag(heads.head_address, name="head_address", takes_context=True)

# blocks that speak to the reader
register.simple_block_tag(messages.notice, name="notice")
register.simple_block_tag(messages.empty_state, name="empty_state")  # `empty` belongs to {% for %}
register.simple_block_tag(messages.dialog, name="dialog", takes_context=True)
register.simple_tag(messages.toast, name="toast", takes_context=True)
register.simple_tag(messages.copy_button, name="copy_button")
register.simple_tag(messages.autosave_status, name="autosave_status")
register.filter("notice_kind", messages.notice_kind)

# lists and ways
register.simple_tag(tables.th, name="th", takes_context=True)
register.simple_block_tag(tables.cell, name="cell")
register.simple_tag(tables.pager, name="pager")
register.simple_tag(text.crumbs, name="crumbs")

# forms
register.inclusion_tag("ui/errors.html", name="error_summary")(fields.error_summary)
register.inclusion_tag("ui/upload.html", name="upload")(fields.upload)
register.simple_tag(fields.control, name="control")
register.filter("field_kind", fields.kind)


@register.simple_tag
def field(bound: Any) -> str:
    """One field: label, mark, hint, error and control, wired to each other (ui/field.html)."""
    return bound.as_field_group()


@register.inclusion_tag("ui/timeline.html")
def timeline(items: Any, *, internal_label: str = "", shared_label: str = "") -> dict[str, Any]:
    """What happened, newest first as given.

    Each item: `kind` (internal: a note that stays inside; shared: a message the others read too; state: `before` and
    `after` are badges; event: anything else), `author`, `when` (text), `iso`, `text`, `lang` (of the text, if it is not
    the page's), `label` (who can read it, instead of `internal_label` or `shared_label`), `files` (name, url).
    """
    return {"items": items, "internal_label": internal_label, "shared_label": shared_label}


@register.inclusion_tag("ui/steps.html")
def steps(items: Any, *, label: str) -> dict[str, Any]:
    """The way of a case: each item has `label`, `note` (may be empty) and `state` (past, now, next)."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Any, *, label: str) -> dict[str, Any]:
    """Parts of one thing as links: each item has `label`, `url`, `current`, and may have `count` and `icon`."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/seg.html")
def seg(items: Any, *, label: str) -> dict[str, Any]:
    """A few ways to look at the same list, as links: each item has `label`, `url`, `current`."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/chips.html")
def chips(items: Any, *, label: str) -> dict[str, Any]:
    """Filters: each item has `label`, `url` and `on`. One that is on is taken off by its link."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/tasks.html")
def tasks(items: Any) -> dict[str, Any]:
    """A task list: each item has `label`, `url` ("" while it cannot be begun), `hint` (why not) and `state` (badge)."""
    return {"items": items}


@register.inclusion_tag("ui/progress.html")
def progress(value: int, max: int, label: str, *, note: str = "", cancel_url: str = "") -> dict[str, Any]:
    """How far long work is: a bar, the count beside it, `note` ("about 12 seconds left"), and a way to stop it."""
    percent = min(100, 100 * value // max) if max > 0 else 0
    counted = f"{value:,} / {max:,}"
    return {"value": value, "max": max, "label": label, "counted": counted, "percent": percent} | {
        "note": note,
        "cancel_url": cancel_url,
    }
