from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.models import Case, OnCase
from offices.enums import Interpreter, SupportKind


class SupportRequest(OnCase):
    """海外活動支援: a local government asks an overseas office for help with an activity abroad.

    Countries and fields of exchange stand on the case itself.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="support_request")
    division = models.CharField(_("division in charge"), max_length=120, blank=True)
    contact = models.CharField(_("contact person"), max_length=120, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    kinds = ArrayField(
        models.CharField(max_length=30, choices=SupportKind.choices),
        verbose_name=_("kinds of support"),
        default=list,
        blank=True,
    )
    purpose = models.TextField(_("purpose"), blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    flexible = models.BooleanField(_("the dates can be moved"), default=False)
    party = models.PositiveSmallIntegerField(_("number of people"), null=True, blank=True)
    leader = models.CharField(_("who leads the party"), max_length=120, blank=True)
    hosts = models.TextField(_("hosts wanted"), blank=True)
    questions = models.TextField(_("questions to the hosts (question sheet)"), blank=True)
    question_sheet = models.UUIDField(_("question sheet as a paper"), null=True, blank=True)  # one of the case's papers
    situation = models.TextField(_("situation in Japan"), blank=True)
    wanted = models.TextField(_("support wanted"), blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=20, choices=Interpreter.choices, blank=True)
    costs = models.JSONField(_("who bears which cost"), default=dict, blank=True)  # CostItem -> CostBearer
    answers = models.JSONField(_("answers to the office's questions"), default=dict, blank=True)  # precondition -> text

    class Meta:
        verbose_name = _("support request")
        verbose_name_plural = _("support requests")
        constraints = [
            models.CheckConstraint(
                name="supportrequest_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                name="supportrequest_party_of_somebody",
                condition=Q(party=None) | Q(party__gte=1),
                violation_error_message=_("Write the number of people in digits, from 1 to 9999."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)
