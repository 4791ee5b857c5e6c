"""Pages for local governments abroad; no account is needed. Addresses that stand in mails stay as they are."""

from __future__ import annotations

from django.urls import path

from clair_portal.accounts.same_site import moved
from offices.foreign import views

urlpatterns = [
    path("forms/offices/<slug:code>/", views.ask, name="foreign_ask"),
    path("forms/requests/", views.new_link, name="foreign_link"),
    path("forms/requests/sent/", views.sent, name="foreign_sent"),
    path("requests/confirm/<slug:token>/", views.confirm, name="foreign_confirm"),
    path("requests/follow/<slug:token>/", views.case, name="foreign_case"),
    path("requests/follow/<slug:token>/withdraw/", views.withdraw, name="foreign_withdraw"),
    path("requests/follow/<slug:token>/papers/<uuid:pk>/", views.paper, name="foreign_paper"),
    path("offices/<slug:code>/ask/", moved("foreign_ask"), name="foreign_ask_before"),
    path("requests/", moved("foreign_link"), name="foreign_link_before"),
    path("requests/sent/", moved("foreign_sent"), name="foreign_sent_before"),
]
