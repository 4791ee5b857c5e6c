"""The network is public knowledge: everybody reads it; headquarters keeps it."""

from __future__ import annotations

from clair_portal.walls.row_security import Rows, leave_open, protect

_READERS = dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters", "system"), "select")
_KEEPER = {**_READERS, "headquarters": "select, insert, update, delete"}

leave_open("network_organisation", "names and addresses of public bodies", **_KEEPER)
leave_open("network_jurisdiction", "which office serves which country is published", **_KEEPER)
leave_open("network_succession", "mergers are public", **_KEEPER)
leave_open("network_claim", "published claims with their sources", **_KEEPER)
leave_open("network_country", "ISO 3166", **_READERS)
leave_open("network_language", "names of languages", **_READERS)
leave_open("calendars_era", "published by the state", **_KEEPER)
leave_open("calendars_holiday", "public holidays", **{**_KEEPER, "office": "select, insert, update, delete"})
protect("network_organisationevent", headquarters=Rows("true"), system=Rows("true"))
