"""Public pages are the same for all readers: they may be kept by caches and are sent again only when they changed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from clair_portal.accounts.rules import everybody

# A cache in front answers for a second by itself, while it asks again for a minute, and when nobody answers behind it for a
# day. nginx keeps live pages by the same words (deploy/nginx), and says them with published files.
SHARED = {"public": True, "max_age": 0, "s_maxage": 1, "stale_while_revalidate": 60, "stale_if_error": 86400}


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """Everybody may read it; with leave to keep it unless somebody is signed in, and with an ETag (furigana/middleware.py).

    Nobody keeps anything else: an address that leads elsewhere, or is gone, may be one with a page again. nginx says the same
    of what was withdrawn ($kept_page of deploy/nginx/published.conf).
    """

    @functools.wraps(view)
    def kept(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            signed_in = getattr(request, "reader", None) is not None
            patch_cache_control(response, **({"private": True, "max_age": 0} if signed_in else SHARED))
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        response.may_be_kept = True  # type: ignore[attr-defined]
        return response

    return everybody()(kept)
