"""Messages written with the change, the relay that delivers them, and long jobs with progress."""
