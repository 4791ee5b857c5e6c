"""Private files: sniffed, checked, kept apart until clean, handed out only through the permission check."""
