"""Every task says for whom it acts. Authority is read again when it runs, not when it was queued."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.utils import timezone

from clair_portal.accounts.reader import reader_now
from clair_portal.ui.request_id import current_request_id, use_request_id
from clair_portal.walls.scope import SYSTEM_SCOPE, Scope, acting


class MissingScope(RuntimeError):
    """A task was queued for nobody: "no rows" would look like "nothing to do"."""


class ScopedTask(Task):
    """`acts_as`: "person" (the caller passes user=<id>), "system", or "itself" (it opens its own scopes)."""

    abstract = True
    acts_as = "person"

    def apply_async(
        self, args: Any = None, kwargs: Any = None, *rest: Any, user: int | None = None, **options: Any
    ) -> Any:
        headers = {**(options.pop("headers", None) or {}), "user": user, "portal_request": current_request_id()}
        return super().apply_async(args, kwargs, *rest, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        headers = self.request.headers or {}
        use_request_id(headers.get("portal_request") or getattr(self.request, "portal_request", "") or "")
        if self.acts_as == "itself":
            return super().__call__(*args, **kwargs)
        user = headers.get("user") or getattr(self.request, "user", None)
        with acting(SYSTEM_SCOPE if self.acts_as == "system" else self._scope_of(user)):
            return super().__call__(*args, **kwargs)

    def _scope_of(self, user: int | None) -> Scope:
        reader = reader_now(user, timezone.now()) if user else None
        if reader is None:
            raise MissingScope(self.name)
        return reader.scope
