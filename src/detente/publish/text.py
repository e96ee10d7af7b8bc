"""Text as we show it: our own words and those of a source side by side, and nothing in either that acts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

# Control characters draw nothing but can turn a line around (Unicode TR 9) or steer a terminal; others draw nothing at
# all, so that two names look like one and words hide in plain sight (Unicode TR 36; U+E0000 to U+E007F spell ASCII
# unseen); the last ones break XML. A soft hyphen and what joins emoji and Persian letters hide nothing and stay.
ACTING = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\u3164\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff\ufffe\uffff]"
    "|(?<![\u0590-\U0010ffff])[\u200c\u200d]"
)


"""Signs that do something to a reader's text, or hide in it."""


def harmless(text: str) -> str:
    """Text with its control characters written out, so that what is read is what is there.

    >>> harmless("abc\\u202edef"), harmless("pay\\u200bpal")
    ('abc[U+202E]def', 'pay[U+200B]pal')
    """
    return ACTING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


# The spaces that keep words together (U+00A0, U+202F) stay what they are.
_BREAKING = re.compile("[ \t-\r\x1c-\x1f\x85\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")


def flat(text: str) -> str:
    """Text on one line, harmless.

    >>> flat(" Talks\\n ended ")
    'Talks ended'
    """
    return harmless(_BREAKING.sub(" ", text).strip(" "))


@dataclass(frozen=True)
class Text:
    """Stretches of text, each with its language where that is not the reader's.

    >>> Text((("Poutine, ", ""), ("президент", "ru"))).__html__()
    Markup('Poutine, <span lang="ru">президент</span>')
    """

    pieces: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return "".join(piece for piece, _ in self.pieces)

    def __bool__(self) -> bool:
        return any(piece for piece, _ in self.pieces)

    def __add__(self, other: Text | str) -> Text:
        return Text(self.pieces + (other.pieces if isinstance(other, Text) else ((other, ""),)))

    def __radd__(self, other: str) -> Text:
        return Text(((other, ""), *self.pieces))

    def __html__(self) -> Markup:
        out = Markup()
        for piece, language in self.pieces:
            out += Markup('<span lang="{}">{}</span>').format(language, piece) if language else escape(piece)
        return out


def joined(parts: list[Text | str], between: str) -> Text:
    """Parts that are not empty, with something between them."""
    out = Text()
    for part in parts:
        if part:
            out = out + between + part if out else out + part
    return out
