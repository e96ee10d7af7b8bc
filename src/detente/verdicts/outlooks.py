"""The question that settles a claim about the future: one of the dossier's, else one proposed, with our forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from detente.codebook import stands_for
from detente.dossier import Dossier
from detente.errors import ForecastError
from detente.forecast import forecast
from detente.forecast.own_cases import known_cases
from detente.publish.catalogue import Words
from detente.publish.milestones import Row
from detente.terms import LANGUAGES, Claim, Event, Forecast, Milestone, Outlook, ReferenceClass, Texts
from detente.verdicts.likeness import shared

_WHOLE = ("relations_restored", "ambassadors_exchanged", "embassy_reopened")
"""Stages of the past cases that stand for a normalisation as a whole, the widest first."""
_SHOWN = 2
_NAMED = 0.3
"""Likeness from which a claim names what a question asks for: one word of diplomacy that both have."""
_AHEAD_DAYS = 365
"""Where a claim gives no day, a proposed question asks for a year from the day of the verdict."""


def outlooks(
    claim: Claim, rows: Sequence[Row], dossier: Dossier, *, made: date, published: date | None = None
) -> tuple[Outlook, ...]:
    """Questions that settle a claim, at most two.

    Args:
        rows: The dossier's questions with our forecasts.
        made: Day from which a proposed question is asked.
        published: Day of the article; a question it names that was put before and settled after comes first.
    """
    open_rows = [row for row in rows if not row.settled]
    text = claim.evidence.quote
    settled = [row for row in rows if row.settled and _was_open(row.milestone, published)]
    since = [row for row in settled if _names(claim, row.milestone, dossier)]
    if since:
        return tuple(Outlook(row.milestone, None) for row in since[:_SHOWN])
    if claim.event is not None:
        fitting = [row for row in open_rows if _asks(row.milestone, claim, dossier)]
        if fitting:
            return tuple(Outlook(row.milestone, row.forecast) for row in fitting[:_SHOWN])
        proposed = proposal(claim.event, dossier, made=made)
        return (Outlook(proposed, _forecast(proposed, dossier, made), proposed=True),) if proposed else ()
    named = [row for row in open_rows if _names(claim, row.milestone, dossier)]
    if named and not (claim.track and claim.track != "relations"):
        return tuple(Outlook(row.milestone, row.forecast) for row in named[:_SHOWN])
    if claim.track and claim.track != "relations":
        same = [row for row in open_rows if row.milestone.track == claim.track]
        ranked = sorted(
            same,
            key=lambda row: -shared(text, _put(row.milestone, claim.language), (claim.language,) * 2, dossier),
        )
        return tuple(Outlook(row.milestone, row.forecast) for row in ranked[:_SHOWN])
    if claim.track != "relations":
        return ()
    for stage in _WHOLE:
        found = [row for row in open_rows if row.milestone.reference.stage == stage]
        if found:
            return tuple(Outlook(row.milestone, row.forecast, stands_in=True) for row in found[:1])
    return ()


def _names(claim: Claim, milestone: Milestone, dossier: Dossier) -> bool:
    """Whether a claim names what a question asks for."""
    asked = milestone.question_in(claim.language)
    return shared(claim.evidence.quote, asked, (claim.language,) * 2, dossier) >= _NAMED


def _was_open(milestone: Milestone, published: date | None) -> bool:
    settled = milestone.resolution
    return settled is not None and published is not None and milestone.opened <= published < settled.day


def _put(milestone: Milestone, language: str) -> str:
    return f"{milestone.question_in(language)} {milestone.rule_in(language)}"


def _asks(milestone: Milestone, claim: Claim, dossier: Dossier) -> bool:
    """Whether a question of the dossier asks for the planned event itself."""
    event = claim.event
    assert event is not None  # noqa: S101
    if not event.track or milestone.track != event.track:
        return False
    like = shared(claim.evidence.quote, _put(milestone, claim.language), (claim.language,) * 2, dossier)
    return like >= 0.4


def _forecast(milestone: Milestone, dossier: Dossier, made: date) -> Forecast | None:
    try:
        return forecast(milestone, made=made, dyad=dossier.dyad, cases=known_cases(dossier.folder, as_of=made))
    except ForecastError:
        return None


def proposal(event: Event, dossier: Dossier, *, made: date) -> Milestone | None:
    """A question whether a planned event comes, with rule, sources and deadline.

    None where its day has passed, or where its kind is too wide for anyone to tell whether it came ("cooperation").
    """
    if event.type not in _ASKABLE or event.realis not in ("planned", "hypothetical"):
        return None
    when = event.event_date
    deadline = when.last if when is not None and when.basis != "publication" else made + timedelta(days=_AHEAD_DAYS)
    if deadline <= made:
        return None
    registry = dossier.registry
    names = {
        lang: " – ".join(registry.state_name(side, lang) for side in event.sides or dossier.dyad.sides)
        for lang in LANGUAGES
    }
    kinds = _LEAVING if stands_for(event.type, event.mode)[0] != event.type else _ASKABLE[event.type]
    people = ", ".join(dict.fromkeys(p.name for p in (*event.actors, *event.recipients) if p.entity != p.side))
    who = f" ({people})" if people else ""
    day = {lang: Words(lang).day(deadline) for lang in LANGUAGES}
    return Milestone(
        id=f"{event.type.lower()}-{deadline}",
        question=(
            ("fr", f"{names['fr']} : {kinds['fr']}{who} d’ici le {day['fr']}"),
            ("en", f"{names['en']}: {kinds['en']}{who} by {day['en']}"),
            ("ru", f"{names['ru']}: {kinds['ru']}{who} до {day['ru']} года включительно"),
        ),
        rule=_RULE,
        opened=made,
        deadline=deadline,
        reference=ReferenceClass("none", made),
        track=event.track,
        day_of="deed",
        sources=_SOURCES,
        edge_cases=_EDGES,
        tie_break=_TIE,
        void_rule=_VOID,
    )


_ASKABLE: Mapping[str, Mapping[str, str]] = {
    "CONSULT": {"fr": "une rencontre ou un entretien", "en": "a meeting or a call", "ru": "встреча или разговор"},
    "AGREE": {"fr": "un accord", "en": "an agreement", "ru": "соглашение"},
    "SANCTION": {"fr": "des sanctions", "en": "sanctions", "ru": "санкции"},
    "RETREAT": {
        "fr": "une levée, une libération ou un retrait",
        "en": "a lifting, a release or a withdrawal",
        "ru": "отмена мер, освобождение или отвод",
    },
}
_LEAVING = {"fr": "un rappel ou un retrait", "en": "a recall or a withdrawal", "ru": "отзыв или выход"}
"""Kinds of planned acts of which anyone can tell later whether they came, as a question names them."""
_RULE: Texts = (
    (
        "fr",
        "Oui le premier jour, après l’ouverture et jusqu’à l’échéance, où cela a lieu selon les deux gouvernements, ou "
        "selon l’un d’eux sans que l’autre le démente sous 30 jours. Une annonce ou une invitation ne suffit pas.",
    ),
    (
        "en",
        "Yes on the first day, after the opening and up to the deadline, on which it takes place according to both "
        "governments, or to one of them while the other does not deny it within 30 days. An announcement or an "
        "invitation is not enough.",
    ),
    (
        "ru",
        "Да в первый день после открытия и не позднее срока, когда это состоялось по сообщению обоих правительств или "
        "одного из них, если другое не опровергает этого в течение 30 дней. Объявления или приглашения недостаточно.",
    ),
)
_SOURCES: tuple[Texts, ...] = (
    (
        ("fr", "Communiqué du gouvernement de l’un des deux États"),
        ("en", "Communiqué of the government of one of the two states"),
        ("ru", "Сообщение правительства одного из двух государств"),
    ),
    (
        ("fr", "Communiqué du gouvernement de l’autre État"),
        ("en", "Communiqué of the government of the other state"),
        ("ru", "Сообщение правительства другого государства"),
    ),
)
_EDGES: Texts = (
    ("fr", "Un niveau inférieur ou d’autres participants que ceux nommés ne comptent pas."),
    ("en", "A lower level, or others than those named, does not count."),
    ("ru", "Более низкий уровень или иные участники, чем названные, не считаются."),
)
_TIE: Texts = (
    ("fr", "Si les deux sources donnent des jours différents, le plus tardif compte."),
    ("en", "If the two sources give different days, the later one counts."),
    ("ru", "Если источники называют разные дни, считается более поздний."),
)
_VOID: Texts = (
    ("fr", "La question tombe si aucune des deux sources ne peut être consultée dans les 90 jours après l’échéance."),
    ("en", "The question falls if neither source can be consulted within 90 days after the deadline."),
    ("ru", "Вопрос снимается, если ни один из источников не доступен в течение 90 дней после срока."),
)
