"""Pillar: multiculturalism - information for foreign residents, disaster messages, managers and associations."""
