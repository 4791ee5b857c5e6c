"""Components, forms, page frames, and what every response carries."""
