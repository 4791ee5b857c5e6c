"""The bodies of the network, where they are responsible from when until when, and what is claimed about them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.audit.history import acting_person
from clair_portal.calendars.business_days import KEPT_AT
from clair_portal.language import codes, folding
from clair_portal.language.cldr import country_name
from clair_portal.network.enums import (
    BRANCH_KINDS,
    HEADQUARTERS_KINDS,
    LOCAL_GOVERNMENT_KINDS,
    Kind,
    SuccessionKind,
)
from clair_portal.network.queries import JurisdictionQuerySet, OrganisationQuerySet


class Country(models.Model):
    """ISO 3166-1. Names follow CLDR; `short_name_ja` is the form Japanese newspapers use."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    alpha3 = models.CharField(max_length=3, unique=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=100)
    short_name_ja = models.CharField(max_length=60, blank=True)
    region_ja = models.CharField(max_length=60, blank=True)
    region_en = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ("code",)

    def __str__(self) -> str:
        return country_name(self.code, japanese=self.name_ja, english=self.name_en)  # type: ignore[attr-defined]

    @property
    def calendar(self) -> str:
        """In which calendar its holidays stand: that of headquarters or an office there, or its own."""
        return KEPT_AT.get(self.code, self.code)


class Language(models.Model):
    """Languages the portal can speak or people can be reached in. `version` marks the 17 public language versions."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    endonym = models.CharField(max_length=60)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=60)
    script = models.CharField(max_length=4)
    direction = models.CharField(max_length=3, default="ltr")
    version = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


def _former(**names: models.Field) -> dict[str, models.Field]:
    """Columns of the history that the model has only once modeltranslation has given it its languages."""
    return {"pgh_person": acting_person(), **names}


@pghistory.track(
    context_field=None,  # type: ignore[arg-type]
    attrs=_former(
        name_ja=models.CharField(_("name in Japanese"), max_length=120, null=True),
        name_en=models.CharField(_("name in English"), max_length=120, null=True),
    ),
    exclude=["name", "search_text"],
)
class Organisation(models.Model):
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    code = models.CharField(
        _("code"),
        max_length=30,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Six-digit local government code, or the code of an office such as LON."),
        validators=[RegexValidator(r"^[0-9A-Za-z-]+$", _("Letters, digits and hyphens only."))],
    )
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    kana = models.CharField(_("kana"), max_length=160, blank=True)
    romaji = models.CharField(_("romaji"), max_length=160, blank=True)
    variants = ArrayField(
        models.CharField(max_length=120), verbose_name=_("other forms of the name"), default=list, blank=True
    )
    local_name = models.CharField(_("local name"), max_length=160, blank=True)
    county = models.CharField(_("county"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("belongs to"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    branch = models.ForeignKey(
        "self",
        verbose_name=_("branch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="municipalities",
        help_text=_("The prefecture or designated city that passes on what this organisation files."),
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Tokyo")
    calendar = models.CharField(_("holiday calendar"), max_length=10, default="HQ")
    working_languages = ArrayField(
        models.CharField(max_length=12), verbose_name=_("working languages"), default=list, blank=True
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    latitude = models.DecimalField(max_digits=10, decimal_places=7, null=True, blank=True)
    longitude = models.DecimalField(max_digits=10, decimal_places=7, null=True, blank=True)
    starts_on = models.DateField(_("exists from"), null=True, blank=True)
    ends_on = models.DateField(_("existed until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="organisation_search"),
            models.Index(fields=["kind", "code"], name="organisation_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="organisation_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                name="organisation_branch_has_no_branch",
                condition=~Q(kind__in=sorted(BRANCH_KINDS)) | Q(branch=None),
                violation_error_message=_("A prefecture or designated city is its own branch."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.name_ja or self.name_en or ""  # type: ignore[attr-defined]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = self.folded_names()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.kind in LOCAL_GOVERNMENT_KINDS and self.code:
            try:
                self.code = codes.validate_code(self.code)
            except ValueError as error:
                raise ValidationError({"code": str(error)}) from error
        if self.branch and self.branch.kind not in BRANCH_KINDS:
            raise ValidationError({"branch": _("Only a prefecture or a designated city can be a branch.")})

    def folded_names(self) -> str:
        names = (self.name_ja, self.name_en, self.kana, self.romaji, self.local_name, self.code, *self.variants)  # type: ignore[attr-defined]
        return folding.search_key(*(name for name in names if name))

    @property
    def is_branch(self) -> bool:
        return self.kind in BRANCH_KINDS

    @property
    def is_headquarters(self) -> bool:
        return self.kind in HEADQUARTERS_KINDS

    @property
    def is_office(self) -> bool:
        return self.kind == Kind.OFFICE

    @property
    def checking_branch(self) -> Organisation | None:
        """The branch that passes on what this organisation files; a branch is its own."""
        return self if self.is_branch else self.branch

    def in_being(self, on: dt.date) -> bool:
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or on <= self.ends_on)


class Succession(models.Model):
    """A merger or renaming keeps history: the former body stays as a row with a last day, and points at its successor."""

    predecessor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="successions", verbose_name=_("former organisation")
    )
    successor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="origins", verbose_name=_("successor")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SuccessionKind.choices)
    on = models.DateField(pgettext_lazy("of an event", "date"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ("on",)
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(name="succession_of_another", condition=~Q(predecessor=F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.on})"


class Jurisdiction(models.Model):
    """Which office is responsible for which country from when until when. An empty start means: since before records."""

    office = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="jurisdictions", verbose_name=_("office")
    )
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="jurisdictions", verbose_name=_("country")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdictions")
        ordering = ("office_id", "country_id", "starts_on")
        constraints = [
            ExclusionConstraint(
                name="jurisdiction_one_office_a_day",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another office is responsible for this country on some of these days."),
            ),
            models.CheckConstraint(
                name="jurisdiction_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} – {self.country}"


class Claim(models.Model):
    """A disputed or dated fact as a source states it. Claims that differ stand side by side; nothing is chosen silently."""

    subject = models.CharField(_("subject"), max_length=120)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="claims",
        verbose_name=_("organisation"),
    )
    claim = models.CharField(pgettext_lazy("what is claimed", "fact"), max_length=120)
    value = models.TextField(_("value"))
    as_of = models.CharField(_("as of"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=250)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("subject", "claim", "id")
        constraints = [
            models.UniqueConstraint(
                "subject", "claim", "value", Coalesce("as_of", Value("")), "source", name="claim_stated_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.claim} = {self.value}"

    @property
    def unknown(self) -> bool:
        return self.value.strip().lower() == "unknown"
