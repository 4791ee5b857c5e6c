"""How the API knows who asks, and who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from clair_portal.accounts.tokens import Token

if TYPE_CHECKING:  # the settings name these classes while rest_framework.views is being read
    from rest_framework.views import APIView


class TokenAuthentication(authentication.BaseAuthentication):
    """The middleware has looked the token up; here a missing one stays anonymous and a wrong one is an error."""

    def authenticate(self, request: Request) -> tuple[object, Token] | None:
        if not request.headers.get("Authorization"):
            return None
        token: Token | None = getattr(request._request, "token", None)
        if token is None:
            raise exceptions.AuthenticationFailed("This token is not valid, has expired or was revoked.")
        return request._request.reader, token  # type: ignore[attr-defined]

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class PublicRead(permissions.BasePermission):
    """Everybody may read what is public."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in permissions.SAFE_METHODS


class TokenScope(permissions.BasePermission):
    """What is not public: a token whose scopes hold the one the view names for the method, and a posting today.

    A browser's session does not count here, so no other site can make a signed-in browser write.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, Token):
            return False
        method = "GET" if request.method in permissions.SAFE_METHODS else str(request.method)
        wanted: str | None = getattr(view, "token_scopes", {}).get(method)
        if wanted is None:
            return True  # a method the view does not have: it answers 405 itself
        if wanted not in request.auth.scopes:
            raise exceptions.PermissionDenied(_("This token may not do this. It needs: %(scope)s") % {"scope": wanted})
        if getattr(request.user, "chosen", None) is None:
            raise exceptions.PermissionDenied(_("You have no posting today, so there is nothing here for you to see."))
        return True


class WriteThrottle(UserRateThrottle):
    """Writing is slower than reading."""

    scope = "write"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method in permissions.SAFE_METHODS or super().allow_request(request, view)
