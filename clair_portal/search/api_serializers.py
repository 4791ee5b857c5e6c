"""Parameters and answers of the search for programs."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clair_portal.search import kinds
from clair_portal.search.finding import MOST, PAGE


class SearchParameters(serializers.Serializer):
    """How long `q` may be and what can be searched is said by forms.understood, in the sentences of the page."""

    q = serializers.CharField(
        help_text=_("What is searched: words or parts of them, in any spelling; two characters at least.")
    )
    language = serializers.ChoiceField(
        settings.LANGUAGES, required=False,
        help_text=_("Language version of the reader, whose hits come first; from Accept-Language if not given."),
    )  # fmt: skip
    kind = serializers.ChoiceField(
        [(kind.key, kind.label) for kind in kinds.listed()], required=False, help_text=_("Only hits of this kind.")
    )
    page = serializers.IntegerField(
        required=False, default=1, min_value=1, max_value=MOST // PAGE, help_text=_("Page of 20 hits, from 1.")
    )


class MarkedSerializer(serializers.Serializer):
    """A text and where in it the words stand."""

    text = serializers.CharField(help_text=_("Plain text, no HTML"))
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text=_("From which character (the first is 0) to before which the searched words stand"),
    )


class HitSerializer(serializers.Serializer):
    title = MarkedSerializer()
    address = serializers.URLField(help_text=_("Address of the page"))
    language = serializers.CharField(help_text=_("Language of title and snippet"))
    kind = serializers.CharField(help_text=_("Key of the kind"))
    snippet = MarkedSerializer()


class FoundSerializer(serializers.Serializer):
    """A page of hits."""

    language = serializers.CharField(help_text=_("Language version whose hits come first"))
    count = serializers.IntegerField(help_text=_("How many hits there are, as far as they were counted"))
    more = serializers.BooleanField(help_text=_("true: there are more than `count`"))
    next = serializers.URLField(allow_null=True, help_text=_("Address of the next page; null on the last one."))
    left_out = serializers.ListField(
        child=serializers.CharField(), help_text=_("What of `q` was not searched: too many words, single letters")
    )
    results = HitSerializer(many=True)
