"""`make bench`: what things cost, as ratios from one run."""
