"""What a support request or a commissioned research says beyond being a case, and what offices do for it."""

from offices.models.foreign import ForeignLetter, ForeignPaper, ForeignRequest
from offices.models.precondition import Precondition
from offices.models.research import ResearchCopy, ResearchRequest, ResearchResult, SharedResearch
from offices.models.support import SupportRequest
from offices.models.work import Feedback, OfficeReport, WorkEntry

__all__ = [
    "Feedback",
    "ForeignLetter",
    "ForeignPaper",
    "ForeignRequest",
    "OfficeReport",
    "Precondition",
    "ResearchCopy",
    "ResearchRequest",
    "ResearchResult",
    "SharedResearch",
    "SupportRequest",
    "WorkEntry",
]
