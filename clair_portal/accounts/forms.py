from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.models import Invitation, Mail, Person, Posting, Role, User
from clair_portal.accounts.tokens import LONGEST, SCOPES
from clair_portal.calendars.forms import WrittenDateField
from clair_portal.language.folding import to_ascii_digits
from clair_portal.network.models import Organisation

# Where headquarters, the offices and their people are; any other IANA name may be typed by nobody here.
ZONES = (
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Paris",
    "America/New_York",
    "America/Los_Angeles",
    "America/Chicago",
    "Asia/Singapore",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Australia/Sydney",
    "Pacific/Honolulu",
    "UTC",
)
LANGUAGES = [("ja", "日本語"), ("en", "English")]
MOST_BYTES = 5 * 1024 * 1024
SCOPE_LABELS = {
    "network.read": _("read organisations, offices and countries"),
    "cases.read": _("read the cases you may see"),
    "cases.write": _("file, move and answer cases as you may"),
    "statistics.read": _("read the statistics you may see"),
}


class SettingsForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ("name", "kana", "name_latin", "language", "time_zone", "telephone", "mail")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "telephone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "w-16"}),
            "language": forms.RadioSelect,
            "mail": forms.RadioSelect,
        }
        help_texts = {"name_latin": _("As people abroad should write it, such as Mio Hayakawa.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.time_zone
        zones = ZONES if own in ZONES else (own, *ZONES)
        words = self.fields["time_zone"].label
        self.fields["time_zone"] = forms.ChoiceField(label=words, choices=[(zone, _zone_label(zone)) for zone in zones])
        self.fields["mail"].choices = Mail.choices  # type: ignore[attr-defined]


def _zone_label(zone: str) -> str:
    offset = timezone.now().astimezone(zoneinfo.ZoneInfo(zone)).strftime("%z")
    return f"{zone.split('/')[-1].replace('_', ' ')} (UTC{offset[:3]}:{offset[3:]})"


class TokenForm(forms.Form):
    label = forms.CharField(label=_("What is it for?"), max_length=80, help_text=_("Such as: export for our website"))
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, SCOPE_LABELS[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing the token may do.")},
    )
    last_day = WrittenDateField(label=_("Valid until"), help_text=_("At most 366 days from now."))

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        today = timezone.localdate()
        if not today < day <= today + LONGEST - dt.timedelta(days=1):
            raise ValidationError(_("Choose a day from tomorrow to at most 365 days from now."))
        return day

    def expires_at(self) -> dt.datetime:
        """The end of the last day, where the person is."""
        day: dt.date = self.cleaned_data["last_day"]
        return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59)))


class EndForm(forms.ModelForm):
    """Ends a posting: what the database would refuse is said beside the field."""

    ends_on = WrittenDateField(
        label=_("Last day"), help_text=_("From the day after, the person sees nothing of this organisation.")
    )

    class Meta:
        model = Posting
        fields = ("ends_on",)

    def clean(self) -> dict[str, Any]:
        """The constraints of the table speak of several columns; here only the last day can be mended."""
        values = super().clean() or {}
        if not (last_day := values.get("ends_on")):
            return values
        if last_day < self.instance.starts_on:
            self.add_error("ends_on", _("The posting ends before it begins."))
            return values
        self.instance.ends_on = last_day
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error("ends_on", ValidationError(error.messages))
        return values

    def validate_constraints(self) -> None:
        """Done in clean(), beside the field."""


class SuccessorForm(forms.Form):
    to = forms.ModelChoiceField(
        label=pgettext_lazy("posting", "Successor"),
        queryset=Posting.objects.none(),
        error_messages={
            "required": _("Choose who takes the work over."),
            "invalid_choice": _("Choose somebody of this list."),
        },
    )

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = candidates  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = lambda post: f"{post.person} · {post.title or post.role}"  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the invitation"),
        max_length=60,
        help_text=_("Twenty letters and digits, such as 7K2M-…; hyphens and small letters do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class AcceptForm(forms.Form):
    password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=password_validators_help_text_html(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, User(email=self.email))
        return password

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        return values


class InvitationForm(forms.ModelForm):
    """One invitation. `organisation`: the administrator's own; `anywhere`: headquarters may name another by its code."""

    organisation_code = forms.CharField(
        label=_("Organisation"),
        max_length=120,
        help_text=_("Six-digit code, code of an office such as LON, or the full name."),
    )
    starts_on = WrittenDateField(label=_("From"))
    ends_on = WrittenDateField(label=_("Until"), required=False, help_text=_("Leave it empty if the end is not known."))

    class Meta:
        model = Invitation
        fields = ("name", "name_latin", "email", "language", "role", "title", "starts_on", "ends_on")
        widgets = {"language": forms.RadioSelect(choices=LANGUAGES)}

    field_order = (
        "organisation_code",
        "name",
        "name_latin",
        "email",
        "language",
        "role",
        "title",
        "starts_on",
        "ends_on",
    )

    def __init__(self, *args: Any, organisation: Organisation, anywhere: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"organisation_code": organisation.code, "language": "ja", **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.organisation, self.anywhere = organisation, anywhere
        roles = self.fields["role"]
        roles.queryset = Role.objects.all() if anywhere else roles_at(organisation)  # type: ignore[attr-defined]
        if not anywhere:
            del self.fields["organisation_code"]

    def clean_organisation_code(self) -> str:
        text = to_ascii_digits(self.cleaned_data["organisation_code"].strip())
        found = Organisation.objects.filter(Q(code=text) | Q(name_ja=text) | Q(name_en=text))[:2]
        if len(found) != 1:
            raise ValidationError(_("No organisation has exactly this code or name. The directory shows the codes."))
        self.organisation = found[0]
        return text

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts_on, ends_on, role = values.get("starts_on"), values.get("ends_on"), values.get("role")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The posting ends before it begins."))
        if role and role.kinds and self.organisation.kind not in role.kinds:
            self.add_error("role", _("This role does not exist at this kind of organisation."))
        if role and values.get("email") and self._is_open(values["email"], role):
            self.add_error(
                "email", _("An invitation for this address and role is open. Send that one again from the list.")
            )
        self.instance.organisation = self.organisation
        return values

    def _is_open(self, email: str, role: Role) -> bool:
        rows = Invitation.objects.filter(email=email.lower(), organisation=self.organisation, role=role)
        return rows.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now()).exists()

    def validate_constraints(self) -> None:
        """Done in clean(), beside the fields."""


class SheetForm(forms.Form):
    """The upload of many invitations at once."""

    organisation_code = InvitationForm.base_fields["organisation_code"]
    sheet = forms.FileField(
        label=_("Sheet"),
        help_text=_("Excel (.xlsx) or CSV, up to 5 MB: name, name in Latin letters, e-mail, role, from, until."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, organisation: Organisation, anywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["organisation_code"] = organisation.code
        self.organisation = organisation
        if not anywhere:
            del self.fields["organisation_code"]

    clean_organisation_code = InvitationForm.clean_organisation_code

    def clean_sheet(self) -> Any:
        sheet = self.cleaned_data["sheet"]
        if sheet.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Split it into several."))
        return sheet


def roles_at(organisation: Organisation) -> QuerySet[Role]:
    """Roles that may be held at this kind of organisation."""
    return Role.objects.filter(Q(kinds=[]) | Q(kinds__contains=[organisation.kind]))
