from __future__ import annotations

from clair_portal.casework.access import detail_of_case
from clair_portal.walls.row_security import protect

protect("offices_supportrequest", **detail_of_case("offices_supportrequest"))
