"""The one way of giving up: a sentence for the person at the keyboard and an exit status for the machine."""

from __future__ import annotations


class Failure(Exception):
    """Carries one complete sentence that says what is wrong and what to do. Status 2: nothing was started."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
