"""Old values by database triggers (django-pghistory): bulk updates and plain SQL are recorded as well."""

from __future__ import annotations

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Cast, NullIf


def acting_person() -> models.BigIntegerField:
    """Filled by the database from the transaction: no SQL is rewritten, and no caller can claim to be somebody else."""
    setting = Func(Value("app.person"), Value(True), function="current_setting", output_field=models.TextField())
    return models.BigIntegerField(null=True, db_default=Cast(NullIf(setting, Value("")), models.BigIntegerField()))
