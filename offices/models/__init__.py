"""What a support request says beyond being a case, and what offices do for it."""

from offices.models.support import SupportRequest
from offices.models.work import Feedback, OfficeReport, WorkEntry

__all__ = ["Feedback", "OfficeReport", "SupportRequest", "WorkEntry"]
