"""The two walls between organisations: database roles, row-level security, and the scope a request acts in."""
