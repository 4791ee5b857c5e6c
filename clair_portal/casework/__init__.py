"""Cases: what is filed, passed on, worked on and closed; workflows are data."""
