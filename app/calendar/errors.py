"""What goes wrong with a calendar, as a code for programs and a sentence for people."""

from collections.abc import Callable


def mark(sentence: str) -> str:
    """The sentence as it is, marked for the translators; it is translated where it is shown."""
    return sentence


class CalendarError(ValueError):
    """A calendar or an instant that cannot be used. `str()` is an English sentence that says what to do."""

    def __init__(self, code: str, sentence: str, **values: object) -> None:
        super().__init__(sentence % values)
        self.code = code
        self.sentence = sentence
        self.values = values

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language that `gettext` speaks."""
        return gettext(self.sentence) % self.values
