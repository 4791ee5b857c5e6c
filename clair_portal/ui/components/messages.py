"""Notices, toasts, dialogs, the empty state: blocks that speak to the reader."""

from __future__ import annotations

from typing import Any

from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .icons import icon
from .values import one_of

KINDS = {
    "info": ("info", "notice", gettext_lazy("Information:")),
    "ok": ("ok", "notice notice-ok", gettext_lazy("Done:")),
    "warn": ("alert", "notice notice-warn", gettext_lazy("Caution:")),
    "err": ("stop", "notice notice-err", gettext_lazy("Error:")),
}
LEVELS = {"debug": "info", "info": "info", "success": "ok", "warning": "warn", "error": "err"}
ROLES = frozenset({"", "status", "alert"})
BUTTONS = {"": "btn", "main": "btn btn-main", "stop": "btn btn-stop"}


def notice(content: str, kind: str = "info", *, title: str = "", role: str = "") -> SafeString:
    """A block that informs (info), confirms (ok), warns (warn) or reports a failure (err).

    `role`: "status" or "alert" only where it appears without a page load. ValueError: unknown kind or role.
    """
    one_of(kind, frozenset(KINDS), "kind of notice")
    sign, classes, said = KINDS[kind]
    heading = format_html('<p class="strong">{}</p>', title) if title else ""
    live = format_html(' role="{}"', role) if one_of(role, ROLES, "role of a notice") else ""
    return format_html(
        '<div class="{}"{}>{}<div class="flow-s">{}{}</div></div>',
        classes,
        live,
        icon(sign, label=str(said)),
        heading,
        SafeString(content.strip()),
    )


def notice_kind(level_tag: str) -> str:
    """The kind of notice for the level of one of Django's messages."""
    return LEVELS.get(level_tag, "info")


def toast(context: Context, text: str, *, action: str = "", url: str = "", post: bool = True) -> SafeString:
    """What was just done, in one line, with one way to go on: `action` at `url`, as POST unless `post` is off."""
    values = {"text": text, "action": action, "url": url, "post": post, "csrf_token": context.get("csrf_token")}
    return render_to_string("ui/toast.html", values)


def dialog(
    context: Context,
    content: str,
    id: str,
    *,
    title: str,
    button: str,
    action: str = "",
    submit: str = "",
    tone: str = "main",
    button_tone: str = "",
) -> SafeString:
    """A button that opens a question in a popover, without JavaScript.

    With `action` the content stands in a form posted there, with `submit` as its button ("main" or "stop" by `tone`).
    Dialogs are for confirming, never for reading. ValueError: unknown tone.
    """
    values: dict[str, Any] = {
        "id": id,
        "title": title,
        "button": button,
        "button_class": BUTTONS[one_of(button_tone, frozenset(BUTTONS), "tone of a button")],
        "action": action,
        "submit": submit,
        "submit_class": BUTTONS[one_of(tone, frozenset(BUTTONS), "tone of a button")],
        "content": SafeString(content.strip()),
        "csrf_token": context.get("csrf_token"),
    }
    return render_to_string("ui/dialog.html", values)


def empty_state(content: str, title: str) -> SafeString:
    """What stands where a list would: what is missing, and in the content what can be done now."""
    return format_html('<div class="empty flow-s"><p class="strong">{}</p>{}</div>', title, SafeString(content.strip()))


def copy_button(text: str, *, label: str = "") -> SafeString:
    """A button that copies `text`. Hidden where there is no JavaScript, so the text itself must stand beside it."""
    return format_html(
        '<button class="btn btn-s" type="button" data-copy="{}" hidden>{} '
        '<span role="status" data-copied="{}">{}</span></button>',
        text,
        icon("copy"),
        _("Copied"),
        label or _("Copy"),
    )


def autosave_status(saved_at: str = "", elsewhere: str = "") -> SafeString:
    """Where a form with `data-autosave` or `data-guard` says how far it is kept. `saved_at`: "16:21", if known.

    `elsewhere`: what it says when somebody else saved the same meanwhile (409).
    """
    words = _("Saved %(time)s") % {"time": saved_at} if saved_at else ""
    return format_html(
        '<p class="muted"><span role="status" data-saved="{}" data-failed="{}"{}>{}</span> '
        "<span data-unsaved hidden>{}</span></p>",
        _("Saved %(time)s") % {"time": "{time}"},
        _("Not saved. Your entries are still here; the next change tries again."),
        format_html(' data-elsewhere="{}"', elsewhere) if elsewhere else "",
        words,
        _("Not saved yet"),
    )
