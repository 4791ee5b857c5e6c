"""A case by its number in the address."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from clair_portal.casework.models import Case


def visible_case(request: Any, pk: int, **only: Any) -> Case:
    """The case, or 404: whether a case of somebody else exists is not told. `only`: what else it must be."""
    return get_object_or_404(Case.objects.visible_to(request.scope).for_list(), pk=pk, **only)
