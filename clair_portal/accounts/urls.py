"""The reader's own settings, and what administrators keep of their organisation's people. Under /desk/."""

from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.accounts.views import links, postings, settings, tokens

urlpatterns: list[URLPattern] = [
    path("settings/", settings.own_settings, name="settings"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<uuid:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("posting/", settings.switch_posting, name="switch_posting"),
    path("postings/", postings.postings, name="postings"),
    path("postings/<int:pk>/end/", postings.end, name="posting_end"),
    path("postings/<int:pk>/successor/", postings.successor, name="posting_successor"),
    path("postings/<int:pk>/sign-out/", postings.sign_out, name="posting_sign_out"),
    path("links/<uuid:pk>/revoke/", links.revoke, name="signed_link_revoke"),
    path("links/<str:subject_type>/<str:subject_id>/", links.links, name="signed_links"),
]
