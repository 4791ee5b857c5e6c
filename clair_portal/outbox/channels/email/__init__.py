"""E-mail by SMTP. Cannot be exactly once: marked in flight and committed before sending, `unknown` after a crash."""
