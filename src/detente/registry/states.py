"""A state as the registry holds it."""

from __future__ import annotations

from dataclasses import dataclass

from detente.terms import Entity


@dataclass(frozen=True, slots=True)
class State:
    """A state, how it is named, and what its people and its things are called.

    Attributes:
        alpha3, alpha2: ISO 3166-1 codes; Kosovo goes by the user-assigned XKX and XK, the European Union by EUR and EU.
        entity: Its id is `alpha3`; names by language in every inflected form, the display form first.
        capital: Entity id of the capital city; empty for the European Union.
        adjectives: By language, every form of adjective and demonym: "russe", "russes", "Russes", "российским".
        prefixes: By language, first halves of compounds, hyphen included: "américano-", "Russo-", "российско-".
        article: French article of the name ("la ", "l'", "les ", or empty), for writing sentences.
        status: `member` or `observer` of the United Nations, `other` for Kosovo and Taiwan,
            `union` for the European Union, which takes part as states do.
    """

    alpha3: str
    alpha2: str
    entity: Entity
    capital: str
    adjectives: tuple[tuple[str, tuple[str, ...]], ...]
    prefixes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    article: str = ""
    status: str = "member"

    def adjectives_in(self, language: str) -> tuple[str, ...]:
        return dict(self.adjectives).get(language, ())

    def prefixes_in(self, language: str) -> tuple[str, ...]:
        return dict(self.prefixes).get(language, ())
