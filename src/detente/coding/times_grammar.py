"""Patterns over words: how the time tagger finds an expression before it is known what it means.

A word list (`times.toml` of a language) puts each word into classes (MONTH, UNIT, REL ...) with a value. Every set of
classes that some word belongs to is written as one private character, so a sentence becomes a short string, and a
rule such as `WEEKDAY? DAY MONTH YEAR?` becomes an ordinary regular expression over that string. Words are looked up
once; only words that may open an expression are tried, and the longest match wins.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from detente.errors import CodingError
from detente.languages import table

_FIRST_CHARACTER = 0xE000  # private use area: no text token is ever confused with a class
_NO_CLASS = frozenset[str]()
_REMEMBERED = 100_000  # words whose class is kept; a corpus of any size then needs little memory
_LONGEST = (
    80  # tokens of one expression; a table of thousands of numbers in one line is else tried from each to its end
)

# Quoted word, name of a group, class or macro, plain word, operator.
_PATTERN = re.compile(
    r"\s*(?:'(?P<word>[^']+)'|(?P<group>[a-z]+):|(?P<name>[A-Z][A-Z0-9_]*)|(?P<bare>[^\W\d_]+)"
    r"|(?P<sign><!|<=|[()|?*+!=^$]))"
)
_MACRO = re.compile(r"(?<![A-Z0-9_'])[A-Z][A-Z0-9_]*(?![A-Z0-9_'])")
_PIECE = (
    r"(?P<number>\d{4}-\d\d-\d\d(?!\d)|\d{1,2}(?P<by>[./])\d{1,2}(?P=by)\d{2,4}(?![\d/])|\d{1,2}:\d\d(?::\d\d)?(?!\d)"
    r"|\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_]+)|(?P<sign>[^\w\s]|_)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of one sentence that a rule matched.

    Attributes:
        kind: Family of rules, which says how the words are to be read.
        words: Words by the class (or group) they filled, lower case, in text order.
        values: What the word list says these words stand for, likewise.
        first, last: Indices of its tokens, end exclusive.
    """

    start: int
    end: int
    kind: str
    words: Mapping[str, tuple[str, ...]]
    values: Mapping[str, tuple[str, ...]]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence cut into tokens, each with its offsets in the document and its class character."""

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    classes: str


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    names: tuple[tuple[str, str, str], ...]  # what it is called, group of the expression, class of the word


def _number_classes(token: str) -> frozenset[str]:
    """Classes of a token that starts with a digit."""
    if ":" in token:
        return frozenset({"CLOCK"})
    if len(token) >= 8 and token.count("-") == 2:
        return frozenset({"ISODATE"})
    if token.count(".") == 2 or token.count("/") == 2:
        return frozenset({"POINTDATE"})
    if not token.isdigit():
        return frozenset({"DECIMAL", "QUANTITY"}) if len(token) < 12 else _NO_CLASS
    classes = {"QUANTITY"} if len(token) <= 6 else set()
    number = int(token) if len(token) <= 6 else 0
    if len(token) <= 2:
        if 1 <= number <= 31:
            classes.add("DAY")
        if number <= 24:
            classes.add("HOUR")
        if len(token) == 2:
            classes.add("YY")
            if number < 60:
                classes.add("MINUTE")
    if len(token) == 4 and 1000 <= number <= 2199:
        classes.add("YEAR")
    if len(token) == 4 and 1900 <= number <= 2099:
        classes.add("NEARYEAR")
    return frozenset(classes)


class Grammar:
    """Word classes and rules of one language.

    Args:
        language: Of the word list to read, for messages.
        table: The parsed word list: `words.<CLASS>.<value> = [...]`, `macros.<NAME> = pattern`,
            `rules.<kind> = [patterns]`, `tense.<direction>`.

    Raises:
        CodingError: A pattern is broken or names a class without words.
    """

    def __init__(self, language: str, table: Mapping[str, object]) -> None:
        self.language = language
        self._values: dict[str, dict[str, str]] = {}
        self._where = f"{language}/times.toml"
        words, rules = self._table(table, "words"), self._table(table, "rules")
        macros, tense = self._table(table, "macros"), self._table(table, "tense")
        self.macros: dict[str, str] = {str(k): str(v) for k, v in macros.items()}
        members: dict[str, set[str]] = {}
        for name, entries in words.items():
            values = self._values.setdefault(name, {})
            for value, forms in entries.items():
                for form in forms:
                    members.setdefault(form, set()).add(name)
                    values[form.lower()] = value
        for literal in self._literals(rules):
            members.setdefault(literal, set()).add(f"'{literal}'")
        # A word written with a capital in the list (May, March) is that word only with its capital.
        self._sets = {
            form: frozenset(classes | members.get(form.lower(), set())) if form[:1].isupper() else frozenset(classes)
            for form, classes in members.items()
        }
        compounds = sorted((form for form in members if re.search(r"[^\w]", form) and len(form) > 1), key=len)[::-1]
        self._compounds = {self._squeeze(form).lower(): form for form in compounds}
        joined = "|".join(self._loosen(form) for form in compounds)
        self._token = re.compile(rf"(?P<compound>(?<!\w)(?i:{joined}))|{_PIECE}" if compounds else _PIECE)
        self._characters: dict[frozenset[str], str] = {_NO_CLASS: chr(_FIRST_CHARACTER)}
        for kinds in sorted({*self._sets.values(), *self._number_sets()}, key=sorted):
            self._characters.setdefault(kinds, chr(_FIRST_CHARACTER + len(self._characters)))
        self._future = re.compile(str(tense.get("future_pattern", r"(?!)")))
        self._tense_words: dict[str, frozenset[str]] = {
            key: frozenset(some) for key, some in tense.items() if isinstance(some, list)
        }
        self._tense_of: dict[str, int] = {}
        self._known: dict[str, str] = {}
        self._openers: dict[str, tuple[_Rule, ...]] = {}
        opening: dict[str, list[_Rule]] = {}
        for kind, patterns in rules.items():
            for pattern in patterns:
                rule, first = self._compile(kind, pattern)
                for character in first:
                    opening.setdefault(character, []).append(rule)
        self._openers = {character: tuple(some) for character, some in opening.items()}
        self._opener = re.compile("[" + "".join(sorted(self._openers)) + "]")

    def _table(self, table: Mapping[str, object], name: str) -> dict[str, Any]:
        part = table.get(name)
        if not isinstance(part, dict):
            raise CodingError(f"{self._where}: has no table [{name}]. Restore the shipped file.")
        return part

    # -- words -------------------------------------------------------------------------------------------------

    def values_of(self, name: str) -> Mapping[str, str]:
        """Words of a class with what they stand for; empty where the language has no such class."""
        return self._values.get(name, {})

    @staticmethod
    def _squeeze(text: str) -> str:
        return re.sub(r"\s+", " ", text.replace("’", "'").replace("\u2011", "-"))

    @staticmethod
    def _loosen(form: str) -> str:
        loose = "".join(
            r"\s+" if c == " " else "['’]" if c == "'" else "[-\u2011]" if c == "-" else re.escape(c) for c in form
        )
        return loose if form.endswith("'") else loose + r"(?!\w)"

    @staticmethod
    def _number_sets() -> set[frozenset[str]]:
        shapes = {f"{n}" for n in range(2300)} | {f"{n:02}" for n in range(100)} | {f"{n:03}" for n in range(1000)}
        shapes |= {"10000", "100000", "1000000", "1.5", "18:55", "2025-02-18", "18.02.2025", "123456789012.5"}
        return {_number_classes(shape) for shape in shapes}

    def _literals(self, rules: Mapping[str, list[str]]) -> set[str]:
        found: set[str | None] = set()
        for pattern in [*self.macros.values(), *(p for some in rules.values() for p in some)]:
            found.update(match["word"] or match["bare"] for match in _PATTERN.finditer(pattern))
        return {word for word in found if word}

    def _character(self, token: str, kind: str) -> str:
        if kind == "number":
            return self._characters.get(_number_classes(token), self._characters[_NO_CLASS])
        form = self._squeeze(token)
        classes = self._sets.get(form) or self._sets.get(form.lower())
        if classes is None and kind == "compound":
            classes = self._sets.get(self._compounds.get(form.lower(), ""))
        if classes is None and form.isupper() and len(form) > 3:
            classes = self._sets.get(form.capitalize())
        return self._characters[classes or _NO_CLASS]

    def line(self, text: str, start: int, end: int) -> Line:
        """Cut one sentence of a text into tokens."""
        tokens: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        classes: list[str] = []
        known = self._known
        nothing = self._characters[_NO_CLASS]
        for match in self._token.finditer(text, start, end):
            token = match.group()
            kind = match.lastgroup or ""
            character = known.get(token)
            if character is None:
                character = self._character(token, kind)
                if len(known) < _REMEMBERED:
                    known[token] = character
            at = match.start()
            if kind == "number" and at > start and character != nothing and self._glued(text, start, at):
                character = nothing
            tokens.append(token)
            starts.append(at)
            ends.append(match.end())
            classes.append(character)
        return Line(tuple(tokens), tuple(starts), tuple(ends), "".join(classes))

    @staticmethod
    def _glued(text: str, start: int, at: int) -> bool:
        """True for the number in F-16, №7, $30, Covid19, not in 18h30, mid-2025 or 9/11."""
        before = text[at - 1]
        if before in "$€£₽#№@_\\&":
            return True
        if before.isalpha():
            return not (before in "hHч" and at - 2 >= start and text[at - 2].isdigit())
        return before in "-‑" and at - 2 >= start and text[at - 2].isalpha() and text[at - 2].isupper()

    def tenses(self, line: Line) -> list[int]:
        """-1 at words that put a clause in the past, 1 in the future, 0 elsewhere."""
        marks: list[int] = []
        until = -1  # "will be held": what follows a future mark so closely is part of it
        pairs = self._tense_words.get("future_pairs", ())
        for i, word in enumerate(line.tokens):
            mark = self._tense_of.get(word)
            if mark is None:
                mark = self._tense(self._squeeze(word).lower())
                if len(self._tense_of) < _REMEMBERED:
                    self._tense_of[word] = mark
            if i and word[0].isupper():
                mark = 0  # United, Ahmed: a name, not a verb
            if pairs and " ".join(line.tokens[i : i + 2]) in pairs:
                mark = 1  # "is to meet"
            if mark > 0:
                until = i + 3
            elif mark < 0 and i <= until:
                mark = 0
            elif word in ",;":
                until = -1
            marks.append(mark)
        had = self._tense_words.get("will_have", ())
        done = tuple(self._tense_words.get("done_ends", ()))
        for i, word in enumerate(line.tokens[:-1]):
            if word.lower() in had and any(w.endswith(done) for w in line.tokens[i + 1 : i + 3]):
                marks[i] = -1  # "aura duré deux heures": it is over
        return marks

    def leaning(self, word: str) -> int:
        """1 after a word that points forward (until Monday), -1 after one that points back (since Monday)."""
        word = self._squeeze(word).lower()
        if word in self._tense_words.get("before_future", ()):
            return 1
        return -1 if word in self._tense_words.get("before_past", ()) else 0

    def governed(self, word: str, preposition: str) -> int:
        """What a participle or infinitive right before says of its date.

        -1 in «отложенный в феврале», 1 in «назначенный на февраль» and «поднять с пятницы».
        """
        word, preposition = self._squeeze(word).lower(), self._squeeze(preposition).lower()
        tense = self._tense_words
        if word.endswith(tuple(tense.get("participle_ends", ()))):
            if preposition in tense.get("set_for", ()):
                return 1
            return -1 if preposition in tense.get("done_in", ()) else 0
        to_do = word.endswith(tuple(tense.get("to_do_ends", ()))) and preposition in tense.get("to_do_in", ())
        return 1 if to_do and len(word) > 4 else 0

    def _tense(self, word: str) -> int:
        tense = self._tense_words
        if word in tense.get("not", ()):
            return 0
        if word in tense["future"]:
            return 1
        if word in tense["past"]:
            return -1
        if len(word) > 3 and word.endswith(tuple(tense.get("future_ends", ()))):
            return 1
        if len(word) > 3 and word.endswith(tuple(tense.get("past_ends", ()))):
            return -1
        return 1 if self._future.fullmatch(word) else 0

    # -- rules -------------------------------------------------------------------------------------------------

    def _compile(self, kind: str, pattern: str) -> tuple[_Rule, frozenset[str]]:
        reader = _PatternReader(self, f"{self._where}: rule {pattern!r}", self._spell_out(pattern))
        piece = reader.alternatives()
        reader.expect_end()
        if piece.empty or not piece.first:
            raise CodingError(f"{self._where}: rule {pattern!r} may match nothing. Make one element obligatory.")
        return _Rule(kind, re.compile(piece.regex), tuple(reader.names)), piece.first

    def _spell_out(self, pattern: str) -> str:
        for _ in range(8):
            grown = _MACRO.sub(lambda m: f"({self.macros[m[0]]})" if m[0] in self.macros else m[0], pattern)
            if grown == pattern:
                return pattern
            pattern = grown
        raise CodingError(f"{self._where}: macros in {pattern[:80]!r} name each other in a circle. Break it.")

    def characters_of(self, name: str) -> frozenset[str]:
        """Characters of all sets that a class (or a quoted word) belongs to."""
        return frozenset(character for classes, character in self._characters.items() if name in classes)

    def find(self, line: Line) -> Iterator[Found]:
        """Longest matches in a sentence, left to right, never overlapping."""
        classes, tokens = line.classes, line.tokens
        position = 0
        while True:
            opener = self._opener.search(classes, position)
            if opener is None:
                return
            position = opener.start()
            best: tuple[int, _Rule, re.Match[str]] | None = None
            for rule in self._openers[classes[position]]:
                match = rule.pattern.match(classes, position, position + _LONGEST)
                if match is not None and match.end() > (best[0] if best else position):
                    best = (match.end(), rule, match)
            if best is None:
                position += 1
                continue
            end, rule, match = best
            words: dict[str, tuple[str, ...]] = {}
            values: dict[str, tuple[str, ...]] = {}
            if rule.kind != "skip":
                for name, group, of in rule.names:
                    a, b = match.span(group)
                    if a < 0:
                        continue
                    some = tuple(self._squeeze(token).lower() for token in tokens[a:b])
                    words[name] = words.get(name, ()) + some
                    if of in self._values:
                        values[name] = values.get(name, ()) + tuple(self._values[of][word] for word in some)
                yield Found(line.starts[position], line.ends[end - 1], rule.kind, words, values, position, end)
            position = end


@dataclass(frozen=True, slots=True)
class _Piece:
    """A compiled part of a pattern: what it looks like, what may open it, whether it may be empty."""

    regex: str
    first: frozenset[str]
    empty: bool


class _PatternReader:
    """Reads one pattern by recursive descent: alternatives, sequences, elements with their operators."""

    def __init__(self, grammar: Grammar, where: str, text: str) -> None:
        self._grammar = grammar
        self._where = where
        self._text = text.strip()
        self._at = 0
        self._silent = 0
        self.names: list[tuple[str, str, str]] = []

    def _next(self) -> re.Match[str] | None:
        if self._at >= len(self._text):
            return None
        match = _PATTERN.match(self._text, self._at)
        if match is None:
            raise CodingError(f"{self._where} cannot be read at {self._text[self._at :]!r}.")
        return match

    def _take(self, *signs: str) -> str:
        match = self._next()
        if match is None or match["sign"] not in signs:
            return ""
        self._at = match.end()
        return match["sign"]

    def expect_end(self) -> None:
        if self._next() is not None:
            raise CodingError(f"{self._where} has a bracket too many before {self._text[self._at :]!r}.")

    def alternatives(self) -> _Piece:
        pieces = [self._sequence()]
        while self._take("|"):
            pieces.append(self._sequence())
        first = frozenset[str]().union(*(piece.first for piece in pieces))
        return _Piece("|".join(piece.regex for piece in pieces), first, any(piece.empty for piece in pieces))

    def _sequence(self) -> _Piece:
        regex, first, empty = "", frozenset[str](), True
        while (match := self._next()) is not None and match["sign"] not in ("|", ")"):
            piece = self._item()
            regex += piece.regex
            if empty:
                first |= piece.first
            empty = empty and piece.empty
        return _Piece(regex, first, empty)

    def _item(self) -> _Piece:
        look = self._take("!", "=", "<!", "<=")
        if look:
            self._silent += 1
            seen = self._item()
            self._silent -= 1
            sign = {"!": "(?!", "=": "(?=", "<!": "(?<!", "<=": "(?<="}[look]
            return _Piece(f"{sign}{seen.regex})", frozenset(), True)
        if self._take("^"):
            return _Piece("^", frozenset(), True)
        if self._take("$"):
            return _Piece("$", frozenset(), True)
        match = self._next()
        if match is None:
            raise CodingError(f"{self._where} ends where an element was expected.")
        self._at = match.end()
        if match["group"]:
            following = self._next()
            index = self._keep(match["group"], (following["name"] or "") if following else "")
            self._silent += 1
            inner = self._item()
            self._silent -= 1
            return _Piece(f"(?P<{index}>{inner.regex})" if index else inner.regex, inner.first, inner.empty)
        if match["sign"] == "(":
            inner = self.alternatives()
            if not self._take(")"):
                raise CodingError(f"{self._where} lacks a closing bracket.")
            return self._repeated(_Piece(f"(?:{inner.regex})", inner.first, inner.empty))
        if match["sign"]:
            raise CodingError(f"{self._where} has {match['sign']!r} where an element was expected.")
        word = match["word"] or match["bare"]
        characters = self._grammar.characters_of(match["name"] or f"'{word}'")
        if not characters:
            raise CodingError(f"{self._where} names {match['name']}, which no word has. Add words or a macro.")
        element = "[" + "".join(sorted(characters)) + "]"
        index = self._keep(match["name"].lower(), match["name"]) if match["name"] else ""
        return self._repeated(_Piece(f"(?P<{index}>{element})" if index else element, characters, False))

    def _keep(self, name: str, of: str) -> str:
        if self._silent:
            return ""
        self.names.append((name, f"g{len(self.names)}", of))
        return self.names[-1][1]

    def _repeated(self, piece: _Piece) -> _Piece:
        operator = self._take("?", "*", "+")
        if not operator:
            return piece
        return _Piece(f"(?:{piece.regex}){operator}", piece.first, piece.empty or operator != "+")


@functools.cache
def grammar(language: str) -> Grammar | None:
    """Grammar of a language, read once; None where there is no word list for it."""
    words = table(language, "times")
    return Grammar(language, words) if words else None
