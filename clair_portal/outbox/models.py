"""Work that must not be lost: written in the transaction of the change, done later by the relay and its workers.

Dispatch time and work lease are two columns: a dispatcher that renewed the lease would wait for dead workers for ever.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.outbox.enums import UNDONE, State
from clair_portal.outbox.queries import EmailQuerySet, JobQuerySet, NotificationQuerySet, WorkQuerySet


class Work(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True
        indexes = [models.Index("due_at", name="%(class)s_undone", condition=Q(state__in=UNDONE))]


class Message(Work):
    """Something happened that people must hear of. It addresses posts; only the relay resolves who holds them."""

    key = models.CharField(max_length=200, unique=True, help_text=_("The same event about the same row is told once."))
    event = models.CharField(_("event"), max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    addressed: Any = models.JSONField(default=list)  # [{"organisation": 17, "right": "cases.work"}]
    params: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    path = models.CharField(max_length=200, blank=True)
    but_not = models.BigIntegerField(null=True, blank=True, help_text=_("The person who did it."))

    objects = WorkQuerySet.as_manager()

    class Meta(Work.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.event} {self.subject_type} {self.subject_id}"


class Notification(models.Model):
    """What a person reads in the portal; the text is made in the reader's language when it is read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.UUIDField()
    person = models.BigIntegerField()
    event = models.CharField(max_length=80)
    params: Any = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["person", "-created_at"], name="notification_person")]
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="notification_once")]

    def __str__(self) -> str:
        return f"{self.event} → {self.person}"


class Email(Work):
    """An e-mail with a life that staff can see. `key` is its Message-ID, so that a receiver can drop a second copy."""

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(_("to"))
    person = models.BigIntegerField(null=True, blank=True)
    language = models.CharField(_("language"), max_length=12)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    event = models.CharField(_("event"), max_length=80, blank=True)

    objects = EmailQuerySet.as_manager()

    class Meta(Work.Meta):
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        indexes = [*Work.Meta.indexes, models.Index(fields=["-created_at", "id"], name="email_newest")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class Job(Work):
    """Long work with a progress that survives reload, can be cancelled and keeps its result for seven days."""

    kind = models.CharField(max_length=80)
    title = models.CharField(_("title"), max_length=200)
    person = models.BigIntegerField()
    user = models.BigIntegerField()
    posting = models.BigIntegerField(null=True)
    params: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    result: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    file = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta(Work.Meta):
        verbose_name = _("long job")
        verbose_name_plural = _("long jobs")
        indexes = [*Work.Meta.indexes, models.Index(fields=["person", "-created_at"], name="job_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class Schedule(models.Model):
    """Work that comes again. `every` seconds, or once a day at `local_time` in `zone`. Two relays run each turn once."""

    name = models.CharField(max_length=80, primary_key=True)
    every = models.PositiveIntegerField(null=True, blank=True)
    local_time = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=40, default="Asia/Tokyo")
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.CheckConstraint(name="schedule_one_way", condition=Q(every=None) ^ Q(local_time=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """A message that is told later unless it is taken back: deadlines, escalations."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    addressed: Any = models.JSONField(default=list)
    params: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    path = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = [models.Index(fields=["at"], name="reminder_due", condition=Q(told_at=None, dropped_at=None))]

    def __str__(self) -> str:
        return f"{self.event} {self.at}"
