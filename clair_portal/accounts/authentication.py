"""How the API knows who asks, and who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

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
    """Everybody may read what is public; a view that names `scope` needs a token with it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        wanted = getattr(view, "token_scope", None)
        if wanted is None:
            return request.method in permissions.SAFE_METHODS
        return isinstance(request.auth, Token) and wanted in request.auth.scopes
