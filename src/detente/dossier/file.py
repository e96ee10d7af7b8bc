"""Reading and checking `dossier.toml`: each complaint names line, key and remedy."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from detente.codebook import score_tenths
from detente.dossier.llm import LlmOptions
from detente.dossier.record import Dossier, Phrase, Track
from detente.errors import CodebookError, DossierError, RegistryError, TermsError
from detente.registry import Registry, inflect_ru
from detente.registry import load as load_registry
from detente.terms import (
    LANGUAGES,
    DayOf,
    Dyad,
    Entity,
    Language,
    Milestone,
    ReferenceClass,
    Resolution,
    Role,
)

FILE_NAME = "dossier.toml"
Stage = Literal[
    "first_high_level_talks",
    "relations_restored",
    "ambassadors_exchanged",
    "embassy_reopened",
    "key_sanction_relief",
    "none",
]
"""Columns of the reference cases a milestone can be compared with; `none` where no past case is comparable."""

Texts = dict[Literal["fr", "en", "ru"], str]
Words = dict[Literal["fr", "en", "ru"], list[str]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class _Head(_Strict):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    dyad: str
    since: date
    title: Texts = {}
    process_start: date | None = None
    third_parties: list[str] = []
    notice: Texts = {}
    coder: str = "rules.v2"
    abstain_below: float = Field(default=0.0, ge=0, le=1)
    engine: str = Field(default="", pattern=r"^([a-z+]+://\S*)?$")
    ledger: str = Field(default="", pattern=r"^(postgres(ql)?(\+psycopg)?://\S+)?$")


class _Role(_Strict):
    title: Texts
    side: str
    since: date | None = None
    until: date | None = None
    office: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> _Role:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"ends {self.until}, before it starts, {self.since}; swap since and until")
        return self


class _Person(_Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    names: Words
    role: list[_Role] = []


class _Name(_Strict):
    entity: str
    names: Words


class _Track(_Strict):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Texts = {}
    words: Words = {}
    general: bool = False


class _Phrase(_Strict):
    language: Literal["fr", "en", "ru"]
    words: str = Field(min_length=2)
    type: str
    mode: str = ""


class _Resolution(_Strict):
    answer: Literal["yes", "no", "void"]
    day: date
    evidence: str = Field(min_length=1)


_BESIDE_TEMPLATE = ("template", "id", "label", "note", "opened", "deadline", "deadlines", "clock_start", "resolution")
"""Keys a milestone from a template may have; all others come from the template, so that its rule stays the same."""


@cache
def ladder() -> Mapping[str, Mapping[str, Any]]:
    """Questions with exact rules that any dossier can use, by id; `{a}` and `{b}` stand for the states' names."""
    raw = tomllib.loads((files("detente.dossier") / "milestones.toml").read_text(encoding="utf-8"))
    return {m["id"]: {**raw["common"], **m} for m in raw["milestone"]}


class _Milestone(_Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    template: str = ""
    label: Texts = {}
    question: Texts
    rule: Texts
    day_of: DayOf = ""
    sources: list[Texts] = []
    edge_cases: Texts = {}
    tie_break: Texts = {}
    void_rule: Texts = {}
    opened: date
    deadline: date | None = None
    deadlines: list[date] = []
    stage: Stage
    clock_start: date | None = None
    note: Texts = {}
    track: str = ""
    resolution: _Resolution | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_template(cls, raw: Any) -> Any:
        if not isinstance(raw, dict) or "template" not in raw:
            return raw
        rungs = ladder()
        if not isinstance(raw["template"], str) or raw["template"] not in rungs:
            raise ValueError(f"template {raw['template']!r} is not known; use one of {', '.join(rungs)}")
        if other := sorted(set(raw) & set(cls.model_fields) - set(_BESIDE_TEMPLATE)):
            raise ValueError(
                f"{', '.join(other)} comes from the template {raw['template']!r} and stays as it is there; "
                "leave it out, or leave `template` out and write the question in full"
            )
        return {**rungs[raw["template"]], **raw}

    @model_validator(mode="after")
    def _has_rule(self) -> _Milestone:
        if not any(text.strip() for text in self.rule.values()):
            raise ValueError("has no rule for settling it; write under `rule` what counts, whose word and which day")
        if self.clock_start and self.clock_start > self.opened:
            raise ValueError(f"clock_start {self.clock_start} lies after opened {self.opened}; give an earlier day")
        if (self.deadline is None) == (not self.deadlines):
            raise ValueError("give `deadline`, one day, or `deadlines`, several that share this question")
        if self.deadlines != sorted(set(self.deadlines)):
            raise ValueError("deadlines are not in order; give each once, the earliest first")
        for deadline in self.days:
            if deadline <= self.opened:
                raise ValueError(f"deadline {deadline} is not after opened {self.opened}; give a later deadline")
        if self.deadlines and self.resolution:
            raise ValueError("has several deadlines, each with an answer of its own; settle it by `detente resolve`")
        return self

    @property
    def days(self) -> list[date]:
        return self.deadlines or [self.deadline or date.max]


class _File(_Strict):
    dossier: _Head
    person: list[_Person] = []
    name: list[_Name] = []
    track: list[_Track] = []
    phrase: list[_Phrase] = []
    milestone: list[_Milestone] = []
    llm: LlmOptions = LlmOptions()


_HEADER = re.compile(r"^\s*\[(\[)?\s*([^\]]+?)\s*\]")


def _line_of(text: str, path: Sequence[str | int]) -> int:
    """Line (from 1) on which the value at a path of keys and list positions is written, or its table's."""
    keys = [part for part in path if isinstance(part, str)]
    counts: dict[str, int] = {}
    here: list[str | int] = []
    best, best_depth = 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            names = [part.strip().strip('"') for part in header[2].split(".")]
            here = []
            for depth, name in enumerate(names):
                here.append(name)
                dotted = ".".join(names[: depth + 1])
                if header[1] and depth == len(names) - 1:
                    counts[dotted] = counts.get(dotted, -1) + 1
                    for deeper in [key for key in counts if key.startswith(dotted + ".")]:
                        del counts[deeper]
                if dotted in counts:
                    here.append(counts[dotted])
            written = here
        else:
            key = re.match(r'\s*([A-Za-z0-9_".-]+)\s*=', line)
            if not key:
                continue
            written = [*here, *(part.strip('"') for part in key[1].split("."))]
        depth = 0
        for mine, theirs in zip(written, path, strict=False):
            if mine != theirs:
                break
            depth += 1
        if depth == len(written) and depth > best_depth and keys:
            best, best_depth = number, depth
    return best


def _key(path: Sequence[str | int]) -> str:
    return "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def _complain(where: str, text: str, problem: ValidationError) -> DossierError:
    lines = []
    for error in problem.errors():
        path = [part for part in error["loc"] if part != "[key]"]
        key = _key(path)
        line = _line_of(text, path)
        if error["type"] == "extra_forbidden":
            known = _known_keys(path[:-1])
            near = difflib.get_close_matches(str(path[-1]), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys here: {', '.join(known)}."
            lines.append(f"{where}, line {line}: key '{key}' is not known; {hint}")
        elif error["type"] == "missing":
            lines.append(f"{where}, line {line}: key '{key}' is missing. Add it.")
        else:
            message = error["msg"].removeprefix("Value error, ")
            found = "" if isinstance(error["input"], dict) else f" Found {str(error['input'])[:60]!r}."
            lines.append(f"{where}, line {line}: {key}: {message}.{found}")
    return DossierError("\n".join(lines))


_TABLES: dict[str, type[BaseModel]] = {
    "": _File,
    "dossier": _Head,
    "person": _Person,
    "person.role": _Role,
    "name": _Name,
    "track": _Track,
    "phrase": _Phrase,
    "milestone": _Milestone,
    "milestone.resolution": _Resolution,
    "llm": LlmOptions,
}


def _known_keys(path: Sequence[str | int]) -> list[str]:
    model = _TABLES.get(".".join(part for part in path if isinstance(part, str)))
    return sorted(model.model_fields) if model else list(LANGUAGES)


@cache
def default_tracks() -> tuple[Track, ...]:
    """The tracks every dossier starts from."""
    raw = tomllib.loads((files("detente.dossier") / "tracks.toml").read_text(encoding="utf-8"))
    return tuple(
        Track(t["id"], t["label"], {lang: tuple(ws) for lang, ws in t["words"].items()}, t.get("general", False))
        for t in raw["track"]
    )


def _merge_tracks(case: list[_Track]) -> tuple[Track, ...]:
    tracks = {track.id: track for track in default_tracks()}
    added: dict[str, Track] = {}
    for extra in case:
        words = {str(lang): tuple(w.lower() for w in ws) for lang, ws in extra.words.items()}
        known = tracks.pop(extra.id, None)
        labels: dict[str, str] = dict(known.labels) if known else {}
        labels.update({str(lang): label for lang, label in extra.label.items()})
        if known:
            words = {lang: (*words.get(lang, ()), *known.words.get(lang, ())) for lang in {*words, *known.words}}
        added[extra.id] = Track(extra.id, labels, words, extra.general or bool(known and known.general))
    return (*added.values(), *tracks.values())


def _forms(names: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    out: list[tuple[str, tuple[str, ...]]] = []
    for language, written in names.items():
        forms: list[str] = list(written)
        if language == "ru":
            for name in written:
                forms.extend(form for form in inflect_ru(name, kind="person") if form not in forms)
        out.append((str(language), tuple(forms)))
    return tuple(out)


def _person(person: _Person) -> Entity:
    roles = tuple(
        Role(tuple((str(lang), text) for lang, text in r.title.items()), r.side, r.since, r.until, r.office)
        for r in person.role
    )
    return Entity(person.id, "person", _forms(person.names), roles=roles)


def _alpha3(registry: Registry, code: str, where: str, text: str, path: Sequence[str | int]) -> str:
    try:
        return registry.alpha3(code)
    except RegistryError as problem:
        raise DossierError(f"{where}, line {_line_of(text, path)}: {_key(path)}: {problem}") from problem


def _renamed(registry: Registry, extra: _Name, where: str, text: str, index: int) -> Entity:
    entity = registry.entities.get(extra.entity)
    if entity is None:
        line = _line_of(text, ["name", index, "entity"])
        near = difflib.get_close_matches(extra.entity, registry.entities, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else " Add it as a [[person]] if it is a person."
        raise DossierError(f"{where}, line {line}: name[{index + 1}].entity: {extra.entity!r} is not known.{hint}")
    names = dict(entity.names)
    for language, forms in _forms(extra.names):
        names[language] = tuple(dict.fromkeys((*names.get(language, ()), *forms)))
    return Entity(entity.id, entity.kind, tuple(names.items()), entity.side, entity.roles, entity.stands_for)


def _texts(texts: Texts) -> tuple[tuple[str, str], ...]:
    return tuple((str(lang), text) for lang, text in texts.items() if text.strip())


def _milestones(m: _Milestone, head: _Head, names: Mapping[Language, Sequence[str]]) -> list[Milestone]:
    """One milestone, or one for each date of a chain."""
    question = m.question
    if m.template:
        question = {lang: text.format(a=names[lang][0], b=names[lang][1]) for lang, text in m.question.items()}
    first = Milestone(
        id=m.id,
        question=tuple((str(lang), t) for lang, t in question.items()),
        rule=tuple((str(lang), t) for lang, t in m.rule.items()),
        opened=m.opened,
        deadline=m.days[0],
        reference=ReferenceClass(
            m.stage, m.clock_start or head.process_start, tuple((str(lang), t) for lang, t in m.note.items())
        ),
        track=m.track,
        label=tuple((str(lang), t) for lang, t in m.label.items()),
        resolution=Resolution(m.resolution.answer, m.resolution.day, m.resolution.evidence) if m.resolution else None,
        day_of=m.day_of,
        sources=tuple(text for source in m.sources if (text := _texts(source))),
        edge_cases=_texts(m.edge_cases),
        tie_break=_texts(m.tie_break),
        void_rule=_texts(m.void_rule),
    )
    if not m.deadlines:
        return [first]
    return [replace(first, id=f"{m.id}-{day}", deadline=day, chain=m.id) for day in m.deadlines]


def _digest(added: Mapping[str, Any]) -> str:
    if not added:
        return ""
    written = json.dumps(added, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:8]


def parse(text: str, *, folder: Path | None = None, where: str = FILE_NAME) -> Dossier:
    """Read a dossier out of TOML text.

    Raises:
        DossierError: With line, key and remedy for everything that is wrong.
    """
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise DossierError(f"{where}: not readable as TOML: {problem}. Mend that line.") from problem
    except RecursionError as problem:
        raise DossierError(f"{where}: has brackets in brackets, hundreds deep. Take them out.") from problem
    try:
        checked = _File.model_validate(raw)
    except ValidationError as problem:
        raise _complain(where, text, problem) from None
    registry = load_registry()
    head = checked.dossier
    try:
        dyad = Dyad.parse(head.dyad)
    except TermsError as problem:
        raise DossierError(f"{where}, line {_line_of(text, ['dossier', 'dyad'])}: dossier.dyad: {problem}") from problem
    for side in dyad.sides:
        _alpha3(registry, side, where, text, ["dossier", "dyad"])
    third = tuple(_alpha3(registry, code, where, text, ["dossier", "third_parties"]) for code in head.third_parties)
    people = []
    for index, person in enumerate(checked.person):
        for number, role in enumerate(person.role):
            _alpha3(registry, role.side, where, text, ["person", index, "role", number, "side"])
        people.append(_person(person))
    renamed = [_renamed(registry, extra, where, text, index) for index, extra in enumerate(checked.name)]
    tracks = _merge_tracks(checked.track)
    phrases = []
    for index, phrase in enumerate(checked.phrase):
        try:
            score_tenths(phrase.type, phrase.mode)
        except CodebookError as problem:
            line = _line_of(text, ["phrase", index, "type"])
            raise DossierError(f"{where}, line {line}: phrase[{index + 1}].type: {problem}") from problem
        phrases.append(Phrase(phrase.language, phrase.words, phrase.type, phrase.mode))
    milestones = []
    seen: set[str] = set()
    for index, m in enumerate(checked.milestone):
        if m.id in seen:
            line = _line_of(text, ["milestone", index, "id"])
            raise DossierError(f"{where}, line {line}: milestone id {m.id!r} is used twice. Rename one.")
        seen.update((m.id, *(f"{m.id}-{day}" for day in m.deadlines)))
        if m.track and m.track not in {track.id for track in tracks}:
            line = _line_of(text, ["milestone", index, "track"])
            known = ", ".join(track.id for track in tracks)
            raise DossierError(f"{where}, line {line}: milestone {m.id}: track {m.track!r} is not one of {known}.")
        names = {lang: [registry.state_name(side, lang) for side in dyad.sides] for lang in LANGUAGES}
        milestones += _milestones(m, head, names)
    title = {str(lang): t for lang, t in head.title.items()}
    for language in LANGUAGES:
        title.setdefault(language, " – ".join(registry.state_name(side, language) for side in dyad.sides))
    return Dossier(
        folder=folder,
        name=head.name,
        title=title,
        dyad=dyad,
        since=head.since,
        registry=registry.with_entities([*people, *renamed]),
        tracks=tracks,
        milestones=tuple(milestones),
        third_parties=third,
        notice={str(lang): t for lang, t in head.notice.items()},
        people=tuple(people),
        phrases=tuple(phrases),
        process_start=head.process_start,
        coder=head.coder,
        abstain_below=head.abstain_below,
        engine=head.engine,
        ledger=head.ledger,
        llm=checked.llm,
        text=text,
        vocabulary=_digest(
            {key: raw[key] for key in ("person", "name", "track", "phrase") if raw.get(key)}
            | ({"abstain_below": head.abstain_below} if head.abstain_below else {})
        ),
    )


def load(folder: Path) -> Dossier:
    """Read the dossier in a folder.

    Raises:
        DossierError: There is no `dossier.toml`, or it is wrong.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DossierError(
            f"{folder}: no {FILE_NAME} here. Make a dossier with `detente new {folder} --dyad RUS-USA`, "
            "or name one with --dossier DIR."
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise DossierError(f"{path}: cannot be read: {problem}. Save it as UTF-8 text.") from problem
    return _parsed(text, folder, str(path))


@lru_cache(maxsize=8)
def _parsed(text: str, folder: Path, where: str) -> Dossier:
    """A dossier is immutable and follows from its text; reading its names in takes longer than most questions."""
    return parse(text, folder=folder, where=where)
