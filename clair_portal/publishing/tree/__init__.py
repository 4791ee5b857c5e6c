"""Public pages as files: which there are, what they read, how they are rendered and written."""
