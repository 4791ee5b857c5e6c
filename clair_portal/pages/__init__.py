"""Public home, staff desk, health, API root: what belongs to no pillar."""
