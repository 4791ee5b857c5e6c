"""Texts with versions in every language: items, their sentences, translations, review, and what was released."""
