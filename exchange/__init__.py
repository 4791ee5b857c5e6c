"""Pillar: international activities - sister ties, cooperation, grants."""
