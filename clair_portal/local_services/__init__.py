"""PostgreSQL and Valkey for a machine that has neither, and the demo that runs on them.

`with services(state, fast) as variables:` starts what the environment does not name and yields what to add to it.
"""

from __future__ import annotations

from clair_portal.local_services.failure import Failure
from clair_portal.local_services.stack import services

__all__ = ["Failure", "services"]
