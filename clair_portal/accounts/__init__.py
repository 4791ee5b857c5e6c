"""People and authority: users, persons, postings, invitations, signed links, tokens."""
