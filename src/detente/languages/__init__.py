"""The languages that can be read, a folder each: words, forms, grammar and time expressions as data, no code.

A folder is named after the ISO 639-1 code of its language. Each file in it is a table that one part of the coder reads
(`events.toml`, `times.toml`, `reporting.toml` …); a language without one is read without what it would tell.
"""

from detente.languages.folders import add, codes, rows, table
from detente.languages.forms import Forms, adjective_forms, noun_forms, verb_forms
from detente.languages.grammar import Grammar, Traits, grammar

__all__ = [
    "Forms", "Grammar", "Traits", "add", "adjective_forms", "codes", "grammar", "noun_forms", "rows", "table",
    "verb_forms",
]  # fmt: skip
