"""People and authority. Access follows from postings with dates; a User is only for signing in."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.queries import (
    ApiTokenQuerySet,
    InvitationQuerySet,
    PersonQuerySet,
    PostingQuerySet,
    PostingTermsQuerySet,
    SentOnceQuerySet,
    SignedLinkQuerySet,
    UserManager,
)
from clair_portal.audit.history import acting_person
from clair_portal.language import folding
from clair_portal.network.models import Organisation


class User(AbstractBaseUser):
    """Signs in. What a user may do is nowhere here: it follows from the postings of the person."""

    email = models.EmailField(_("e-mail"), unique=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    sample = models.BooleanField(
        default=False, help_text=_("Sample account: production refuses to start while one exists.")
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]
    is_staff = False  # there is no Django admin here; some libraries ask

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.email


class Mail(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    NONE = "none", _("no e-mail, only in the portal")


@pghistory.track(context_field=None, attrs={"pgh_person": acting_person()}, exclude=["search_text"])  # type: ignore[arg-type]
class Person(models.Model):
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="person")
    name = models.CharField(_("name"), max_length=100)
    name_latin = models.CharField(_("name in Latin letters"), max_length=100, blank=True)
    kana = models.CharField(_("kana"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=12, choices=[("ja", "日本語"), ("en", "English")], default="ja"
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Tokyo")
    mail = models.CharField(_("notices by e-mail"), max_length=10, choices=Mail.choices, default=Mail.AT_ONCE)
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.display_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = self.folded_names()
        super().save(*args, **kwargs)

    def folded_names(self) -> str:
        return folding.search_key(*(form for form in (self.name, self.name_latin, self.kana, self.email) if form))

    def display_name(self, language: str | None = None) -> str:
        """The Latin form for readers of other languages where there is one."""
        chosen = (language or get_language() or "en").split("-")[0]
        return self.name if chosen == "ja" or not self.name_latin else self.name_latin


class Role(models.Model):
    """Roles are data: a name and the rights it gives, at kinds of organisation where it may be held."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=80)
    rights = ArrayField(models.CharField(max_length=60), verbose_name=_("rights"), default=list)
    kinds = ArrayField(
        models.CharField(max_length=30), verbose_name=_("kinds of organisation"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


@pghistory.track(context_field=None, attrs={"pgh_person": acting_person()})  # type: ignore[arg-type]
class Posting(models.Model):
    """Who works where, as what, from when until when (inclusive). The only source of authority."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="postings", verbose_name=_("organisation")
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))
    title = models.CharField(_("title of the post"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    sending_body = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="secondments",
        verbose_name=_("sending body"),
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ("starts_on", "id")
        indexes = [models.Index(fields=["organisation", "starts_on"], name="posting_organisation")]
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The posting ends before it begins."),
            ),
            ExclusionConstraint(
                name="posting_no_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This person already holds this role here on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation} · {self.role}"

    def clean(self) -> None:
        if (
            self.starts_on and self.ends_on and self.ends_on < self.starts_on
        ):  # PostgreSQL cannot even compare such a span
            raise ValidationError({"ends_on": _("The posting ends before it begins.")})
        if self.role_id and self.organisation_id and self.role.kinds and self.organisation.kind not in self.role.kinds:
            raise ValidationError({"role": _("This role does not exist at this kind of organisation.")})

    def in_force(self, on: dt.date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


class PostingTerms(models.Model):
    """How postings end at one organisation. Without a row: at midnight of its own time zone, with four weeks to hand over."""

    WEEKS = 4
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="posting_terms",
        verbose_name=_("organisation"),
    )  # fmt: skip
    zone = models.CharField(_("time zone whose midnight counts"), max_length=40, blank=True)
    weeks = models.PositiveSmallIntegerField(_("weeks for the handover"), default=WEEKS)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = PostingTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of postings")
        verbose_name_plural = _("terms of postings")
        constraints = [
            models.CheckConstraint(name="postingterms_weeks", condition=Q(weeks__gte=1) & Q(weeks__lte=26)),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.zone}"


class Invitation(models.Model):
    """One-time invitation by an organisation's administrator. Only a hash of the code is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=100)
    name_latin = models.CharField(_("name in Latin letters"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=12, default="ja")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))
    title = models.CharField(_("title of the post"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    sending_body = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("sending body")
    )
    invited_by = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="invitation_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The posting ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation}"

    @property
    def last_day(self) -> dt.date:
        """The day at the organisation at whose end it ceases to work."""
        last = self.expires_at - dt.timedelta(microseconds=1)
        return timezone.localdate(last, ZoneInfo(self.organisation.time_zone))

    def state(self, now: dt.datetime) -> str:
        """used, revoked, expired or open."""
        if self.used_at:
            return "used"
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= now else "open"


class SignedLink(models.Model):
    """An action without an account: one purpose, one object, until a time. Only a hash of the token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=250, blank=True)
    language = models.CharField(max_length=12, default="en")
    created_by = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    uses_left = models.PositiveIntegerField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = SignedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed link")
        verbose_name_plural = _("signed links")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="signedlink_subject")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_type} {self.subject_id}"


class ApiToken(models.Model):
    """A person's token for the API: hashed, with scopes and an end. It acts with the person's own postings, never more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    start = models.CharField(max_length=8, editable=False, help_text=_("The first letters, to recognise it."))
    label = models.CharField(_("label"), max_length=80)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.start}… {self.label}"


class SentOnce(models.Model):
    """What a program of a person made under a key of its own, so that sending it again makes nothing new."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    made = models.CharField(max_length=60)
    sent_at = models.DateTimeField(default=timezone.now)

    objects = SentOnceQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of a program")
        verbose_name_plural = _("keys of programs")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="sentonce_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.made}"
