"""Third parties read out: which pair of a triangle moves first, and who holds what over whom."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from detente.measures import series_of
from detente.measures.levers import MOVES, LeverMove, lever_moves, levers
from detente.measures.reciprocity import MIN_WEEKS, one_sided
from detente.measures.third_parties import METHOD, Tie
from detente.measures.third_parties import third_parties as measured
from detente.publish.catalogue import Words
from detente.publish.material import TABLES, Material
from detente.publish.readings.reading import Cell, Reading
from detente.publish.row_chart import RowMark, row_chart
from detente.terms import LANGUAGES

MOST_PAIRS = 8
"""Pairs of states whose levers are read out; the table has all."""


@dataclass(frozen=True, slots=True)
class Found:
    """Both halves of the answer, for machines."""

    ties: tuple[Tie, ...]
    levers: tuple[LeverMove, ...]


def third_parties(material: Material) -> Reading:
    """Triangles with each of the dossier's third parties, and levers between all of them."""
    found = Found(_ties(material), _levers(material))
    columns: dict[str, list[Cell]] = {
        field: [getattr(move, field) for move in found.levers]
        for field in ("day", "who", "whom", "lever", "move", "said_by", "condition", "document", "quote", "evidence")
    }
    return Reading(
        measure="third-parties",
        method=METHOD,
        material=material,
        result=found,
        columns=columns,
        say=lambda words: [*_say_ties(material, found.ties, words), *say_levers(material, found.levers, words)],
        draw=(lambda words: _figure(material, found.ties, words)) if any(t.exchange.lead for t in found.ties) else None,
    )


def _ties(material: Material) -> tuple[Tie, ...]:
    if material.origin == "icews-yearly":
        return ()
    pair = material.series()
    ties = {
        (third, side): material.series("-".join(sorted((third, side))))
        for third in material.dossier.third_parties
        for side in material.dyad.sides
        if third not in material.dyad.sides
    }
    acts = None
    if material.origin not in TABLES:
        events = one_sided(material.events(), material.dyad)
        acts = {
            way.actor: series_of(events, material.dyad, start=material.start, end=material.day, series=str(way))
            for way in material.dyad.directed()
        }
    return material.measured(measured, pair, ties, acts, breaks=material.breaks(pair).turns)


def _levers(material: Material) -> tuple[LeverMove, ...]:
    # What is at stake stands in the words of a report, and a database keeps none.
    if not material.own:
        return ()
    documents = material.documents
    moves = lever_moves(
        material.occurrences,
        material.statements,
        {*material.dyad.sides, *material.dossier.third_parties},
        language=lambda name: documents[name].language if name in documents else "",
        published=material.published,
        subject=_Subjects(material).of,
    )
    return tuple(move for move in moves if move.day is None or material.start <= move.day <= material.day)


class _Subjects:
    """Which state a text begins with: by its name, its capital or its government."""

    def __init__(self, material: Material) -> None:
        states = {*material.dyad.sides, *material.dossier.third_parties}
        names: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        for entity in material.dossier.registry.entities.values():
            side = entity.id if entity.kind == "state" else entity.stands_for
            for language, forms in entity.names if side in states else ():
                for form in forms:
                    names.get(language, {})[form] = side
        self._names = names
        self._patterns = {
            language: re.compile(
                rf"(?:[\W\d]*\w{{1,4}})?\W*({'|'.join(map(re.escape, sorted(held, key=len)[::-1]))})\b"
            )
            for language, held in names.items()
            if held
        }

    def of(self, text: str, language: str) -> str:
        pattern = self._patterns.get(language)
        found = pattern.match(text) if pattern else None
        return self._names[language][found[1]] if found else ""


def _say_ties(material: Material, ties: tuple[Tie, ...], words: Words) -> list[str]:
    enough = [tie for tie in ties if not tie.exchange.too_few]
    few = [material.label(tie.name, words.language) for tie in ties if tie.exchange.too_few]
    out = []
    pair = material.label(str(material.dyad), words.language)
    for tie in enough:
        out += _say_tie(material, tie, pair, words)
    if enough and not any(tie.leads or tie.follows or tie.pulls for tie in enough):
        out.append(
            words.many(
                "{n} tie to a third state was compared with {pair}: neither reliably moves before the other.",
                "{n} ties to third states were compared with {pair}: none reliably moves before or after it.",
                len(enough),
                pair=pair,
            )
        )
    if enough:
        out.append(_say_forecasts(material, enough, pair, words))
    if few:
        out.append(
            words(
                "Fewer than {n} weeks that can be compared, too few to say who moves first: {ties}.",
                n=MIN_WEEKS,
                ties=words.listed(few),
            )
        )
    if not ties:
        out.append(words("No weekly series of third states to compare with {pair}.", pair=pair))
    return out


def _say_tie(material: Material, tie: Tie, pair: str, words: Words) -> list[str]:
    name = material.label(tie.name, words.language)
    out = []
    for reported, first, second, answer in (
        (tie.leads, name, pair, tie.exchange.answers[1]),
        (tie.follows, pair, name, tie.exchange.answers[0]),
        (tie.pulls, name, _acts(material, tie, words), tie.pull),
    ):
        if reported and answer:
            last = answer.within[-1]
            out.append(
                words(
                    "{first} moves first and {second} follows: {value} for each unit within 4 weeks "
                    "(90% interval: {low} to {high}).",
                    first=words.quoted(first),
                    second=words.quoted(second),
                    value=words.number(last.value, 2, signed=True),
                    low=words.number(last.low, 2, signed=True),
                    high=words.number(last.high, 2, signed=True),
                )
            )
    return out


def _acts(material: Material, tie: Tie, words: Words) -> str:
    other = next(side for side in material.dyad.sides if side != tie.side)
    return material.label(f"{tie.side}>{other}", words.language)


def _say_forecasts(material: Material, ties: list[Tie], pair: str, words: Words) -> str:
    made = [tie for tie in ties if tie.forecasts]
    if not made:
        return words("Too few weeks to try whether third states help to foresee {pair}.", pair=pair)
    helping = [
        words(
            "{tie}, {ahead} (error {with_tie} instead of {without})",
            tie=material.label(tie.name, words.language),
            ahead=words.many("{n} week ahead", "{n} weeks ahead", each.ahead),
            with_tie=words.number(each.with_tie, 2), without=words.number(min(each.without, each.mean), 2),
        )
        for tie in made for each in tie.forecasts if each.helps
    ]  # fmt: skip
    if helping:
        return words(
            "Out of sample, of {all} ties these make the forecast of {pair} better: {ties}.",
            all=words.number(len(made)), pair=pair, ties=words.listed(helping),
        )  # fmt: skip
    return words(
        "Out of sample, none of {all} ties makes the forecast of {pair} better, 1 or 4 weeks ahead: what moves first "
        "here does not help to foresee.", all=words.number(len(made)), pair=pair,
    )  # fmt: skip


def say_levers(material: Material, moves: tuple[LeverMove, ...], words: Words) -> list[str]:
    """Who gave, offered or withheld what, the busiest pairs first."""
    if not material.own:
        return [words("Levers are read from the words of reports: leave out --origin to see them.")]
    inside = [m for m in moves if m.day is None or material.start <= m.day <= material.day]
    if not inside:
        return [words("No lever between these states was found in the reports.")]
    pairs = Counter((m.who, m.whom) for m in inside)
    out = []
    for (who, whom), _ in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:MOST_PAIRS]:
        mine = [m for m in inside if (m.who, m.whom) == (who, whom)]
        # An act with two levers has two rows, and is told once.
        counted = Counter(move for move, _ in {(m.move, m.evidence) for m in mine})
        last = mine[-1]
        label = next(lever.labels[words.language] for lever in levers() if lever.id == last.lever)
        out.append(
            words(
                "{who}: {counts}. Last, {day}: {lever}, {quote}.",
                who=_named(material, who, whom, words),
                counts=words.listed([_counted(move, counted[move], words) for move in MOVES if counted[move]]),
                day=words.day(last.day) if last.day else words("undated"),
                lever=label,
                quote=words.quoted(_short(last.quote)),
            )
        )
    return out


def _counted(move: str, n: int, words: Words) -> str:
    return {
        "given": words.many("{n} given", "{n} given", n),
        "offered": words.many("{n} offered", "{n} offered", n),
        "asked": words.many("{n} asked for", "{n} asked for", n),
        "threatened": words.many("{n} threatened", "{n} threatened", n),
        "withheld": words.many("{n} withheld or imposed", "{n} withheld or imposed", n),
        "conditioned": words.many("{n} made conditional", "{n} made conditional", n),
    }[move]


def _named(material: Material, who: str, whom: str, words: Words) -> str:
    names = words.listed([material.dossier.registry.state_name(code, words.language) for code in who.split("+")])
    return f"{names} → {material.dossier.registry.state_name(whom, words.language)}" if whom else names


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"


def _figure(material: Material, ties: tuple[Tie, ...], words: Words) -> str:
    rows = [
        RowMark(
            label=material.label(tie.name, words.language),
            value=tie.exchange.lead.value,
            low=tie.exchange.lead.low,
            high=tie.exchange.lead.high,
            note=words.many("{n} week", "{n} weeks", tie.exchange.used),
            group=material.dossier.registry.state_name(tie.third, words.language),
        )
        for tie in ties
        if tie.exchange.lead
    ]
    pair = material.label(str(material.dyad), words.language)
    return row_chart(
        rows,
        words,
        title=words("Lead over {pair} (right: the tie moves first)", pair=pair),
        summary=" ".join(_say_ties(material, ties, words)),
    )
