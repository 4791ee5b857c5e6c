"""Pillar: overseas offices. Support requests from local governments and the offices that answer them."""
