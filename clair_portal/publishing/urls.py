from __future__ import annotations

from django.urls import path

from clair_portal.publishing import views
from clair_portal.publishing.content import item_views, term_views
from clair_portal.publishing.content import views as translations
from clair_portal.publishing.tree import views as tree

ONE = "translations/<int:pk>/<slug:language>/"
urlpatterns = [
    path("published/", tree.published, name="published"),
    path("published/everything/", tree.publish_everything, name="publish_everything"),
    path("publications/<int:pk>/", views.edit, name="publication"),
    path("publications/<int:pk>/release/", views.release, name="publication_release"),
    path("publications/<int:pk>/withdraw/", views.withdraw, name="publication_withdraw"),
    path("texts/", item_views.texts, name="texts"),
    path("texts/new/", item_views.new_text, name="text_new"),
    path("texts/<int:pk>/", item_views.text, name="text"),
    path("texts/<int:pk>/edit/", item_views.edit_text, name="text_edit"),
    path("texts/<int:pk>/ask/", item_views.ask, name="text_ask"),
    path("texts/<int:pk>/address/", item_views.rename_text, name="text_rename"),
    path("texts/<int:pk>/<slug:language>/release/", item_views.release_text, name="text_release"),
    path("texts/<int:pk>/<slug:language>/withdraw/", item_views.withdraw_text, name="text_withdraw"),
    path("translations/", translations.queue, name="translations"),
    path("glossary/", term_views.terms_list, name="glossary"),
    path("glossary/new/", term_views.term_new, name="term_new"),
    path("glossary/<int:pk>/", term_views.term, name="term"),
    path("glossary/<int:pk>/change/", term_views.term_change, name="term_change"),
    path("glossary/<int:pk>/retire/", term_views.term_retire, name="term_retire"),
    path("glossary/<int:pk>/bring-back/", term_views.term_bring_back, name="term_bring_back"),
    path("translations/people/", translations.people, name="translation_people"),
    path(ONE, translations.translation, name="translation"),
    path(f"{ONE}sentence/", translations.sentence, name="translation_sentence"),
    path(f"{ONE}hand-in/", translations.hand_in, name="translation_hand_in"),
    path(f"{ONE}approve/", translations.approve, name="translation_approve"),
    path(f"{ONE}send-back/", translations.send_back, name="translation_send_back"),
    path(f"{ONE}assign/", translations.assign, name="translation_assign"),
    path(f"{ONE}sheet/", translations.sheet_file, name="translation_sheet"),
    path(f"{ONE}sheet/send/", translations.sheet_send, name="translation_sheet_send"),
    path(f"{ONE}sheet/take/", translations.sheet_take, name="translation_sheet_take"),
]
