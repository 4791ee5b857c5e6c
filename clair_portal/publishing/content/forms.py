"""What people type about texts and their translations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.models import Posting
from clair_portal.accounts.queries import CLAIR_KINDS
from clair_portal.calendars.forms import WrittenDateField
from clair_portal.publishing.content import rules
from clair_portal.publishing.content.kinds import KINDS
from clair_portal.publishing.content.names import language_name
from clair_portal.publishing.enums import LanguageState
from clair_portal.publishing.models import Item, Linguist, SourceVersion, Translation


def language_choices() -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in rules.languages()]


def number_of(text: str) -> int:
    """Of a hidden field; 0 where something else was sent."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class SourceForm(forms.Form):
    """The source of a text: title, summary, text, and what the change is for."""

    title = forms.CharField(label=_("Title"), max_length=300)
    summary = forms.CharField(label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    body = forms.CharField(
        label=pgettext_lazy("under a title", "Text"), required=False, widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "An empty line begins a new paragraph, “## ” a heading, “- ” an item of a list. A link: [words](address). A "
            "reading: {漢字|かんじ}."
        ),
    )  # fmt: skip
    what = forms.CharField(label=_("What the change is for"), max_length=300, required=False)
    minor = forms.BooleanField(
        label=_("Minor change: no sentence says anything else than before"), required=False,
        help_text=_("Translations hold then. Your name stands beside it."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def texts(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name, "") for name in ("title", "summary", "body", "what")}


class NewTextForm(SourceForm):
    kind = forms.ChoiceField(label=_("Kind"))
    slug = forms.CharField(
        label=pgettext_lazy("of a page", "Address"),
        max_length=80,
        help_text=_(
            "Small letters, digits and hyphens, for example call-for-2027. For a chapter of the guide: its number."
        ),
    )
    language = forms.ChoiceField(label=_("Language it is written in"), initial="ja")
    field_order = ("kind", "slug", "language", "title", "summary", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["minor"], self.fields["seen"], self.fields["what"]
        free = [kind for kind in KINDS.values() if kind.url and kind.key not in ("story", "research_result")]
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in free]  # type: ignore[attr-defined]
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]


def source_form(item: Item, version: SourceVersion, data: Any = None) -> SourceForm:
    values = {"title": version.title, "summary": version.summary, "body": version.body, "seen": item.number}
    return SourceForm(data, initial=values)


class AskForm(forms.Form):
    """Into which languages a text is to be translated, and by when."""

    languages = forms.MultipleChoiceField(
        label=_("Into"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose a language.")}
    )
    due_on = WrittenDateField(label=_("By"), required=False)

    def __init__(self, *args: Any, left: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = [(code, language_name(code)) for code in left]  # type: ignore[attr-defined]


class PostingField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person} ({obj.organisation})"


class AssignForm(forms.Form):
    translator = PostingField(label=_("Translator"), queryset=Posting.objects.none(), required=False)
    reviewer = PostingField(label=_("Reviewer"), queryset=Posting.objects.none(), required=False)
    due_on = WrittenDateField(label=_("To be translated by"), required=False)
    review_due_on = WrittenDateField(label=_("To be reviewed by"), required=False)

    def __init__(self, data: Any = None, *, translation: Translation) -> None:
        super().__init__(data, initial={name: getattr(translation, name) for name in self.base_fields})
        people = Linguist.objects.filter(language=translation.language)
        posts = Posting.objects.select_related("person", "organisation")
        self.fields["translator"].queryset = posts.filter(  # type: ignore[attr-defined]
            pk__in=people.filter(translates=True).values("posting")
        )
        self.fields["reviewer"].queryset = posts.filter(  # type: ignore[attr-defined]
            pk__in=people.filter(reviews=True).values("posting")
        )


class LinguistForm(forms.Form):
    """Neither of the two takes the language away from the post."""

    posting = PostingField(label=_("Who"), queryset=Posting.objects.none())
    language = forms.ChoiceField(label=_("Language"))
    translates = forms.BooleanField(label=_("Translates"), required=False)
    reviews = forms.BooleanField(label=_("Reviews"), required=False)

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Posting.objects.in_force(today).filter(organisation__kind__in=CLAIR_KINDS)
        self.fields["posting"].queryset = staff.select_related("person", "organisation", "role")  # type: ignore[attr-defined]
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]


class QueueForm(forms.Form):
    """The filters of the queue; what is not known is left out."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    whose = forms.ChoiceField(
        label=_("Whose"), required=False,
        choices=[("", _("everybody's")), ("mine", _("waiting for me")), ("late", _("late"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hide_marks = True
        self.fields["language"].choices = [("", _("all")), *language_choices()]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("all")), *LanguageState.choices]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class TextsForm(forms.Form):
    """The search of the list of texts."""

    q = forms.CharField(
        label=_("Title or address"), required=False, max_length=200, widget=forms.TextInput(attrs={"maxlength": 200})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hide_marks = True

    def asked(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class SheetForm(forms.Form):
    sheet = forms.FileField(label=_("Changed sheet"))
