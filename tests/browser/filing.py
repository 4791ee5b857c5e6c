"""What a town hall answers on the pages of its request, one after the other."""

from __future__ import annotations

PAGES: tuple[dict[str, str], ...] = (
    {"division": "企画課", "contact": "岩倉"},
    {"starts_on": "令和9年6月1日", "ends_on": "R9/6/3"},
    {"party": "５"},
    {"purpose": "先進事例を調べる"},
    {"hosts": "市役所"},
    {"wanted": "訪問先の紹介"},
)
