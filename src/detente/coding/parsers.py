"""Parsers a user may have: any spaCy pipeline by name or path, and slovnet's Russian files from the natasha wheel.

Nothing heavy is imported before a coder named `rules+MODEL` is asked for.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

from detente.coding.events_lexicon import tokens
from detente.coding.syntax import Parse, Parser
from detente.errors import CodingError

_INSTALL = 'pip install "detente[parser]"'
_KEPT = 64
"""Sentences a parser remembers: one sentence is asked about once per trigger."""


def load(name: str) -> Parser:
    """The parser of that name: `slovnet`, or a spaCy pipeline (`fr_core_news_lg`, or the folder of one).

    Raises:
        CodingError: The library or the model is not installed, or the pipeline has no parser.
    """
    return _Slovnet() if name == "slovnet" else _Spacy(name)


def _library(name: str, wanted: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise CodingError(f"coder 'rules+{wanted}' needs {name}, which is not installed. {_INSTALL}") from problem


class _Spacy:
    def __init__(self, name: str) -> None:
        spacy = _library("spacy", name)
        try:
            # Names and lemmas come from our own lexicons.
            self._pipeline = spacy.load(name, exclude=["ner", "lemmatizer", "attribute_ruler", "senter"])
        except OSError as problem:
            raise CodingError(
                f"coder 'rules+{name}': spaCy finds no pipeline {name!r}. Install it (python -m spacy download {name}) "
                "or give the folder of one."
            ) from problem
        if "parser" not in self._pipeline.pipe_names:
            raise CodingError(f"coder 'rules+{name}': the pipeline has no parser. Give one trained with a parser.")
        meta = self._pipeline.meta
        self.name = f"{meta['lang']}_{meta['name']}-{meta['version']}"
        self.languages = frozenset((str(meta["lang"]),))
        self._kept = lru_cache(_KEPT)(self._parse)

    def parse(self, text: str, language: str) -> Parse:  # noqa: ARG002
        return self._kept(text)

    def _parse(self, text: str) -> Parse:
        read = self._pipeline(text)
        # A line break is a token to spaCy; what hangs on one hangs on its head.
        kept = [t for t in read if not t.is_space]
        place = {t.i: n for n, t in enumerate(kept)}
        return Parse(
            (t.idx, t.idx + len(t), t.text, place.get((t.head.head if t.head.is_space else t.head).i, n), t.dep_)
            for n, t in enumerate(kept)
        )


class _Slovnet:
    """Syntax of Russian news; loaded past natasha itself, which cannot be imported on Python 3.12 and later."""

    languages = frozenset(("ru",))

    def __init__(self) -> None:
        slovnet, navec = _library("slovnet", "slovnet"), _library("navec", "slovnet")
        found = importlib.util.find_spec("natasha")
        if found is None or not found.submodule_search_locations:
            raise CodingError(f"coder 'rules+slovnet' needs the files of natasha, which is not installed. {_INSTALL}")
        data = Path(found.submodule_search_locations[0]) / "data"
        self._syntax = slovnet.Syntax.load(str(data / "model" / "slovnet_syntax_news_v1.tar"))
        self._syntax.navec(navec.Navec.load(str(data / "emb" / "navec_news_v1_1B_250K_300d_100q.tar")))
        self.name = f"slovnet-{importlib.metadata.version('slovnet')}"
        self._kept = lru_cache(_KEPT)(self._parse)

    def parse(self, text: str, language: str) -> Parse:  # noqa: ARG002
        return self._kept(text)

    def _parse(self, text: str) -> Parse:
        words = tokens(text, "ru")
        read = next(self._syntax.map([[text[t.start : t.end] for t in words]]))
        heads = [int(t.head_id) - 1 for t in read.tokens]
        return Parse(
            (w.start, w.end, text[w.start : w.end], heads[i] if heads[i] >= 0 else i, t.rel)
            for i, (w, t) in enumerate(zip(words, read.tokens, strict=True))
        )
