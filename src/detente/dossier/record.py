"""A dossier in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from detente.dossier.llm import LlmOptions
from detente.errors import DossierError
from detente.registry import Registry
from detente.terms import Dyad, Entity, Language, Milestone


@dataclass(frozen=True, slots=True)
class Track:
    """An issue the two sides talk about.

    Attributes:
        labels: By language.
        words: By language, lower-case stems and phrases, matched at the start of a word.
        general: Taken only where no other track fits ("talks", "relations").
    """

    id: str
    labels: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    general: bool = False

    def label_in(self, language: str) -> str:
        return self.labels.get(language) or self.labels.get("en") or self.id


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that mean a PLOVER event in this case, beyond what the coder's own lexicons know."""

    language: Language
    words: str
    type: str
    mode: str = ""


@dataclass(frozen=True)
class Dossier:
    """Everything that is particular to one pair of states.

    Attributes:
        folder: Where `dossier.toml` and the ledger lie; None for one that was never written.
        since: First day the dossier looks at.
        process_start: Day the two began to make up, where a person has set one; forecasts start their clock there.
        notice: By language, what every page says of this dossier (a sample, a draft); may be empty.
        third_parties: Alpha-3 codes of states whose pull is followed.
        registry: The shipped registry with this dossier's people and names merged in.
        abstain_below: Confidence (0-1) below which the coder keeps a coding back and only counts it.
        engine: Database that answers queries, `spark://host:7077`; empty for DuckDB in memory.
        ledger: Database of a team that holds the ledger, `postgresql://user@host/name`; empty for a file in the folder.
        llm: Language model that may be asked, and what that may cost; asked by the coders `llm` and `rules+llm` alone.
        text: The TOML it was read from.
        vocabulary: Digest of what it sets for coders: people, names, words, phrases, the confidence asked for; empty
            where it sets none. A coder that uses them puts it behind its version, so that an edited dossier is coded
            anew and old codings stay.
    """

    folder: Path | None
    name: str
    title: Mapping[str, str]
    dyad: Dyad
    since: date
    registry: Registry
    tracks: tuple[Track, ...]
    milestones: tuple[Milestone, ...]
    third_parties: tuple[str, ...] = ()
    notice: Mapping[str, str] = field(default_factory=dict)
    people: tuple[Entity, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    process_start: date | None = None
    coder: str = "rules.v2"
    abstain_below: float = 0.0
    engine: str = ""
    ledger: str = ""
    llm: LlmOptions = field(default_factory=LlmOptions)
    text: str = field(default="", repr=False)
    vocabulary: str = ""

    def title_in(self, language: str) -> str:
        return self.title.get(language) or self.title.get("en") or str(self.dyad)

    def notice_in(self, language: str) -> str:
        return self.notice.get(language) or self.notice.get("en") or ""

    def track(self, track_id: str) -> Track | None:
        return next((track for track in self.tracks if track.id == track_id), None)

    def milestone(self, milestone_id: str) -> Milestone:
        """The milestone of that id.

        Raises:
            DossierError: There is none.
        """
        for milestone in self.milestones:
            if milestone.id == milestone_id:
                return milestone
        known = ", ".join(m.id for m in self.milestones) or "none"
        raise DossierError(f"{self.name}: no milestone {milestone_id!r}. The dossier has {known}.")

    @cached_property
    def _track_patterns(self) -> Mapping[tuple[str, str], re.Pattern[str]]:
        return {
            (track.id, language): re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words, key=len)[::-1])) + ")")
            for track in self.tracks
            for language, words in track.words.items()
            if words
        }

    def track_of(self, text: str, language: str) -> str:
        """The track most of whose words stand in the text, or an empty string.

        A track that is not general wins over one that is; among equals the one named first in the dossier.
        """
        lowered = text.lower()
        best, best_key = "", (0, 0)
        for track in self.tracks:
            pattern = self._track_patterns.get((track.id, language))
            hits = len(pattern.findall(lowered)) if pattern else 0
            key = (int(not track.general), hits)
            if hits and key > best_key:
                best, best_key = track.id, key
        return best
