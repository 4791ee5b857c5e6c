"""Pillar: the JET Programme."""
