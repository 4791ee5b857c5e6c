"""Requests of local governments abroad: a public form, a confirmed address, a case held by an office, a signed link."""
