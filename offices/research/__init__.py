"""Commissioned research: passes the branch twice, is answered through headquarters, and stands on a list for everybody."""
