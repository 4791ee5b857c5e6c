"""One folder per way of reaching people; each holds everything of it."""
