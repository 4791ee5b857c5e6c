"""Who offices know abroad, and how a visit runs. It outlives the people who wrote it: rotations come every second year."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.models import Case, OnCase
from clair_portal.contacts.queries import ContactQuerySet, HostQuerySet, VisitQuerySet
from clair_portal.language import folding
from clair_portal.network.enums import Topic
from clair_portal.network.models import Country, Organisation


class Host(models.Model):
    """An organisation abroad that receives visitors. A merged one points at the row that goes on."""

    name = models.CharField(_("name"), max_length=200)
    local_name = models.CharField(_("local name"), max_length=200, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+", verbose_name=_("country"))
    city = models.CharField(_("city"), max_length=120, blank=True)
    website = models.URLField(_("website"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=60, blank=True)
    languages = ArrayField(models.CharField(max_length=12), verbose_name=_("languages"), default=list, blank=True)
    topics = ArrayField(
        models.CharField(max_length=30, choices=Topic.choices), verbose_name=_("fields"), default=list, db_default=[],
        blank=True,
    )  # fmt: skip
    good_for = models.TextField(_("what it is good for"), db_default="", default="", blank=True)
    notes = models.TextField(_("notes"), blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by"))
    sample = models.BooleanField(_("sample data"), default=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        indexes = [models.Index(fields=["country", "name"], name="host_country")]

    def __str__(self) -> str:
        return self.name

    @property
    def topic_names(self) -> list[str]:
        return [str(Topic(topic).label) for topic in self.topics if topic in Topic.values]

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_text = folding.search_key(self.name, self.local_name, self.city, self.good_for)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class HostPerson(models.Model):
    """A person to write to at a host. Whoever is no longer there keeps name and post; the ways to reach them are deleted."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("post"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=60, blank=True)
    active = models.BooleanField(_("still there"), default=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("person at a host")
        verbose_name_plural = _("people at a host")
        constraints = [
            models.CheckConstraint(
                name="hostperson_gone_is_not_reachable", condition=Q(active=True) | Q(email="", telephone="")
            )
        ]

    def __str__(self) -> str:
        return self.name


class HostUse(models.Model):
    """When an office worked with a host, for which case, and how it went: 1 (badly) to 5 (very well)."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="uses")
    person = models.ForeignKey(
        HostPerson, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("person")
    )
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    day = models.DateField(_("day"))
    went = models.PositiveSmallIntegerField(_("how it went"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a host")
        verbose_name_plural = _("uses of a host")
        constraints = [
            models.CheckConstraint(name="hostuse_went", condition=Q(went=None) | (Q(went__gte=1) & Q(went__lte=5)))
        ]

    def __str__(self) -> str:
        return f"{self.host_id} {self.day}"


class Visit(OnCase):
    """行程表: the itinerary of one visit. The requester and the branch see it once it is shared."""

    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    title = models.CharField(_("title"), max_length=200)
    title_foreign = models.CharField(_("title for hosts"), max_length=200, blank=True)
    language = models.CharField(_("language of the hosts"), max_length=12, default="en", db_default="en")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    shared = models.BooleanField(_("shared with the requester"), default=False)
    version = models.PositiveIntegerField(default=1)
    told_version = models.PositiveIntegerField(default=0, db_default=0)  # the one everybody was last told of
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    removed = models.JSONField(default=list, db_default=[], editable=False, blank=True)  # stops: uid, when

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("itinerary")
        verbose_name_plural = _("itineraries")
        constraints = [
            models.CheckConstraint(
                name="visit_ends_after_it_begins",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_news(self) -> bool:
        """Shared, and changed since everybody was told."""
        return self.shared and self.version > self.told_version


class Stop(OnCase):
    """One point of an itinerary, on the clock of its place. `uid` stays, so that calendars update their entry."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="stops")
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", editable=False)
    shared = models.BooleanField(default=False, editable=False)  # copy of the visit's, for the second wall
    day = models.DateField(_("day"))
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=40)
    what = models.CharField(_("what"), max_length=200)
    turn = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)  # of stops at the same time
    what_foreign = models.CharField(_("what, for hosts"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    host = models.ForeignKey(
        Host, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("host")
    )
    contact = models.ForeignKey(
        HostPerson,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("person at the host"),
    )
    host_name = models.CharField(_("host, as the requester reads it"), max_length=200, blank=True)
    person = models.CharField(_("person who receives"), max_length=120, blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=120, blank=True)
    telephone = models.CharField(_("telephone"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ("day", "begins", "turn", "pk")
        constraints = [
            models.CheckConstraint(
                name="stop_ends_after_it_begins",
                condition=Q(ends=None) | Q(ends__gt=F("begins")),
                violation_error_message=_("The end must be after the beginning."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.begins:%H:%M} {self.what}"
