"""Feeds of what changed: events, statements and forecasts as Atom (RFC 4287) and JSON Feed 1.1.

An item is dated by when the ledger learned of it, not by when it happened, so that a reader who comes back sees what is
new, and a feed asked for an earlier day is the same bytes as it was. Every item carries its quotes with their language,
what a person has done, and how it came to be (IPTC digital source type).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from markupsafe import Markup

from detente import __version__
from detente.codebook import label
from detente.errors import PublishError
from detente.publish import chronology, figures, milestones, sites, speakers
from detente.publish.catalogue import Words
from detente.publish.citing import Cited, link_of
from detente.publish.disclosure import IPTC
from detente.publish.marks import DRAWN, review_state, source_type, source_type_of
from detente.publish.situation import Situation
from detente.publish.text import flat, harmless
from detente.terms import LANGUAGES

MOST = 50
"""Items in a feed, the newest; the exports have all."""
KINDS = {".atom": "application/atom+xml", ".json": "application/feed+json"}
FORMS = tuple(KINDS)


@dataclass(frozen=True)
class Asked:
    """What a reader wants of a feed; empty asks for all.

    Attributes:
        side: State taking part, or for whom is spoken: alpha-3.
        speaker: Id of a speaker.
        reviewed: Only what a person has accepted or amended.
    """

    track: str = ""
    type: str = ""
    side: str = ""
    speaker: str = ""
    reviewed: bool = False

    def as_query(self) -> str:
        """The same as part of an address."""
        given = {name: getattr(self, name) for name in ("track", "type", "side", "speaker") if getattr(self, name)}
        if self.reviewed:
            given["reviewed"] = "true"
        return f"?{urlencode(given)}" if given else ""


ALL = Asked()


@dataclass(frozen=True)
class Item:
    """One item of a feed.

    Attributes:
        id: A URN that stays.
        page: Its page, from the top of the site.
        html: What it says, as markup that is safe to show.
        about: The same for machines.
    """

    id: str
    title: str
    page: str
    html: Markup
    text: str
    published: datetime
    updated: datetime
    source_type: str
    tags: tuple[tuple[str, str], ...] = ()
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Feed:
    """One feed in one language.

    Attributes:
        path: Its address from the top without a suffix: `fr/feed`.
        page: The page it follows, from the top.
        base: Address of the top, or empty where nobody knows it yet: links then lead from the feed itself.
        query: What was asked of it, as part of its address.
    """

    path: str
    page: str
    title: str
    language: str
    items: tuple[Item, ...]
    situation: Situation
    base: str = ""
    query: str = ""

    @property
    def updated(self) -> datetime:
        known = [item.updated for item in self.items]
        return max(known) if known else moment(self.situation)

    def _address(self, page: str) -> str:
        return self.base + page if self.base else "../" * self.path.count("/") + page

    def as_atom(self) -> bytes:
        """Atom, RFC 4287."""
        now, words = self.situation, Words(self.language)
        label = figures.label_of(now, self.language)
        out = [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{self.language}">',
            f"<id>{urn(now, 'feed', self.path + self.query)}</id>",
            f"<title>{xml(self.title)}</title>",
            f"<subtitle>{xml(label)}</subtitle>",
            f"<updated>{stamp(self.updated)}</updated>",
            f"<author><name>{xml(now.dossier.title_in(self.language))}</name></author>",
            f'<generator uri="https://pypi.org/project/detente/" version="{__version__}">detente</generator>',
            f"<rights>{xml(figures.credit(now, words))} {xml(figures.rights(self.language))}</rights>",
            f'<link rel="alternate" type="text/html" hreflang="{self.language}" '
            f"href={attribute(self._address(self.page))}/>",
        ]
        out.append(f'<category scheme="{IPTC}" term={attribute(DRAWN.removeprefix(IPTC))}/>')
        if self.base:
            own = self.base + self.path + ".atom" + self.query
            out.append(f'<link rel="self" type="application/atom+xml" href={attribute(own)}/>')
        for item in self.items:
            out += [
                "<entry>",
                f"<id>{item.id}</id>",
                f"<title>{xml(item.title)}</title>",
                f"<published>{stamp(item.published)}</published>",
                f"<updated>{stamp(item.updated)}</updated>",
                f'<link rel="alternate" type="text/html" href={attribute(self._address(item.page))}/>',
                *(f"<category term={attribute(term)} label={attribute(label)}/>" for term, label in item.tags),
                f'<category scheme="{IPTC}" term={attribute(item.source_type.removeprefix(IPTC))}/>',
                f'<content type="html">{xml(str(item.html))}</content>',
                "</entry>",
            ]
        out.append("</feed>")
        return ("\n".join(out) + "\n").encode()

    def as_json(self) -> bytes:
        """JSON Feed 1.1."""
        now, words = self.situation, Words(self.language)
        head: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": _plain(self.title)}
        if self.base:
            head |= {"home_page_url": self.base + self.page, "feed_url": self.base + self.path + ".json" + self.query}
        head |= {
            "description": figures.label_of(now, self.language),
            "language": self.language,
            "authors": [{"name": now.dossier.title_in(self.language)}],
            "_detente": {
                "about": "https://pypi.org/project/detente/",
                "as_of": now.as_of.isoformat() if now.as_of else None,
                "day": now.day.isoformat(),
                "data_version": now.data_version,
                "digital_source_type": DRAWN,
                "rights": f"{figures.credit(now, words)} {figures.rights(self.language)}",
            },
            "items": [self._json_item(item) for item in self.items],
        }
        return sites.as_json(head)

    def _json_item(self, item: Item) -> dict[str, Any]:
        return {
            "id": item.id,
            **({"url": self.base + item.page} if self.base else {}),
            "title": _plain(item.title),
            "content_html": str(item.html),
            "content_text": item.text,
            "date_published": stamp(item.published),
            "date_modified": stamp(item.updated),
            "tags": [term for term, _ in item.tags],
            "language": self.language,
            "_detente": {"page": item.page, "digital_source_type": item.source_type, **item.about},
        }

    def made(self, form: str) -> bytes:
        """The feed in one form.

        Raises:
            PublishError: There is no such form.
        """
        if form not in FORMS:
            raise PublishError(f"{self.path}: no feed {form!r}. Ask for one of {', '.join(FORMS)}.")
        return self.as_atom() if form == ".atom" else self.as_json()


# What is in them


def changes(situation: Situation, language: str, *, base: str = "", asked: Asked = ALL) -> Feed:
    """Events that were recorded or decided last."""
    words = Words(language)
    rows = [row for row in situation.shown_rows if _wanted(row, asked)]
    items = sorted((_event(row, situation, words) for row in rows), key=_newest)[:MOST]
    return Feed(
        path=sites.folder_of(language) + "feed",
        page=sites.path_of("timeline", language),
        title=f"{words('What changed last')} · {situation.dossier.title_in(language)}",
        language=language,
        items=tuple(items),
        situation=situation,
        base=base,
        query=asked.as_query(),
    )


def _wanted(row: chronology.Row, asked: Asked) -> bool:
    event = row.occurrence.event
    return (
        (not asked.track or event.track == asked.track)
        and (not asked.type or event.type == asked.type)
        and (not asked.side or asked.side in event.sides)
        and (not asked.speaker or asked.speaker in event.entities)
        and (not asked.reviewed or bool(row.occurrence.decided))
    )


def statements(situation: Situation, language: str, *, base: str = "", asked: Asked = ALL) -> Feed:
    """Statements that were recorded or decided last."""
    words, where = Words(language), sites.Where(situation)
    recorded = {s.cited.entry: s for s in situation.statements}
    rows = [
        row
        for row in recorded.values()
        if (not asked.track or row.statement.issue == asked.track)
        and (not asked.side or asked.side in row.statement.speaker.sides)
        and (not asked.speaker or asked.speaker == row.statement.speaker.entity)
        and (not asked.reviewed or bool(row.cited.decided))
    ]
    items = sorted((_statement(row, situation, words, where) for row in rows), key=_newest)[:MOST]
    return Feed(
        path=sites.folder_of(language) + "statements",
        page=sites.path_of("statements", language),
        title=f"{words('Who speaks')} · {situation.dossier.title_in(language)}",
        language=language,
        items=tuple(items),
        situation=situation,
        base=base,
        query=asked.as_query(),
    )


def milestone(row: milestones.Row, situation: Situation, language: str, *, base: str = "") -> Feed:
    """Every forecast of one milestone that was kept, the one as of now, and its settling."""
    words = Words(language)
    m = row.milestone
    page = sites.path_of(f"milestones/{row.slug}", language)
    kept = [judged.logged for judged in situation.record.of(m.id)]
    items = []
    for logged in kept:
        told = milestones.Row(m, logged.forecast, situation.dossier)
        key = f"{m.id} {logged.seq}"
        items.append(_forecast(told, situation, words, page, key, logged.recorded, {"program": logged.code}))
    if row.settled and m.resolution:
        said = milestones.settled_line(row, words)
        when = datetime.combine(m.resolution.day, time(), UTC)
        about = {"answer": m.resolution.answer, "evidence": m.resolution.evidence}
        text = f"{said} {words('Evidence')}{words.colon()}{flat(m.resolution.evidence)}"
        html = Markup("<p>{}</p>").format(harmless(text))
        title = f"{m.label_in(language)}{words.colon()}{said}"
        items.append(Item(urn(situation, "resolution", m.id), title, page, html, text, when, when, DRAWN, (), about))
    elif all(logged.forecast != row.forecast for logged in kept):
        # A forecast that nobody kept is dated by the last line of the ledger it was made from.
        # It is another item only when it says something else, not whenever a line is added.
        f = row.forecast
        key = f"{m.id} {f.method} {f.probability} {f.interval} {f.never} {f.median_day}"
        items.append(_forecast(row, situation, words, page, key, moment(situation), {}))
    return Feed(
        path=f"{sites.folder_of(language)}milestones/{row.slug}.feed",
        page=page,
        title=m.question_in(language),
        language=language,
        items=tuple(sorted(items, key=_newest)[:MOST]),
        situation=situation,
        base=base,
    )


def every(situation: Situation, *, base: str = "") -> Iterable[tuple[str, bytes]]:
    """(path from the top, content) of each feed in each language and form."""
    from detente.publish import brief_feed  # It is made of the parts here.

    for language in LANGUAGES:
        found = [changes(situation, language, base=base), statements(situation, language, base=base)]
        found.append(brief_feed.versions(situation, language, base=base))
        found += [milestone(row, situation, language, base=base) for row in situation.milestones]
        for feed in found:
            for form in FORMS:
                yield feed.path + form, feed.made(form)


def named(path: str, situation: Situation, *, base: str = "", asked: Asked = ALL) -> bytes | None:
    """The feed at an address, or None where there is none."""
    from detente.publish import brief_feed

    language = next((code for code in LANGUAGES if path.startswith(f"{code}/")), sites.ROOT_LANGUAGE)
    plain = path.removeprefix(sites.folder_of(language))
    form = next((form for form in FORMS if plain.endswith(form)), "")
    name = plain.removesuffix(form)
    if name == "feed":
        return changes(situation, language, base=base, asked=asked).made(form)
    if name == "statements":
        return statements(situation, language, base=base, asked=asked).made(form)
    if name == brief_feed.NAME:
        return brief_feed.versions(situation, language, base=base).made(form)
    found = re.fullmatch(r"milestones/([A-Za-z0-9_-]+)\.feed", name)
    row = next((row for row in situation.milestones if found and row.slug == found[1]), None)
    return milestone(row, situation, language, base=base).made(form) if row else None


def is_feed(path: str) -> bool:
    """Whether an address is that of a feed."""
    return bool(
        re.fullmatch(r"(?:(?:fr|ru)/)?(?:feed|statements|briefs|milestones/[A-Za-z0-9_-]+\.feed)\.(?:atom|json)", path)
    )


def _newest(item: Item) -> tuple[float, str]:
    return -item.updated.timestamp(), item.id


def _event(row: chronology.Row, situation: Situation, words: Words) -> Item:
    event = row.occurrence.event
    recorded = [member.recorded for member in row.occurrence.members]
    decided = [c.decision.recorded for c in row.cited if c.decision is not None]
    day = words.event_date(event.event_date)
    html = _quotes(row.cited, words) + Markup("<p>{}</p>").format(row.sources_line(words))
    for name, told in row.differing(words):
        html += Markup("<p>{}{}{}</p>").format(harmless(name), words.colon(), harmless(told))
    text = "\n".join(
        [*(f"{words.quoted(c.evidence.quote)} ({flat(c.outlet)})" for c in row.cited), row.sources_line(words)]
    )
    tags = [(event.type, label(event.type, event.mode, words.language))]
    if event.track:
        tags.append((event.track, row.track_label(words) or event.track))
    about = {
        "occurrence": row.id,
        "event_date": event.event_date.value if event.event_date else None,
        "review_state": review_state(row.occurrence.decided),
        "realis": event.realis,
        "score": row.score,
        "quotes": [quote_json(c) for c in row.cited],
    }
    return Item(
        id=urn(situation, "event", row.id),
        title=f"{chronology.first_upper(day)}{words.colon()}{row.heading(words)}",
        page=sites.path_of(f"event/{row.id}", words.language),
        html=html,
        text=harmless(text),
        published=min(recorded),
        updated=max([*recorded, *decided]),
        source_type=source_type_of(row.cited),
        tags=tuple((flat(term), flat(label)) for term, label in tags),
        about=about,
    )


def _statement(row: speakers.Row, situation: Situation, words: Words, where: sites.Where) -> Item:
    cited, stance = row.cited, speakers.stance_text(row.statement.stance, words)
    decided = cited.decision.recorded if cited.decision else None
    recorded = cited.recorded or moment(situation)
    html = Markup("<p>{}</p>").format(stance) + _quotes([cited], words)
    about = {
        "entry": cited.entry,
        "speaker": row.statement.speaker.entity or None,
        "stance": row.statement.stance,
        "review_state": review_state(cited.decided),
        "quotes": [quote_json(cited)],
    }
    return Item(
        id=urn(situation, "statement", cited.entry),
        title=f"{row.who(words)}{words.colon()}{stance}",
        page=sites.folder_of(words.language) + where.statement(cited.entry),
        html=html,
        text=harmless(f"{words.quoted(cited.evidence.quote)} ({flat(cited.outlet)})"),
        published=recorded,
        updated=max(filter(None, (recorded, decided))),
        source_type=source_type(cited.coder, cited.decided),
        tags=((flat(row.statement.issue), flat(row.issue_label(words))),) if row.statement.issue else (),
        about=about,
    )


def _forecast(
    row: milestones.Row,
    situation: Situation,
    words: Words,
    page: str,
    key: str,
    recorded: datetime,
    about: dict[str, Any],
) -> Item:
    said = [milestones.chance_line(row, words), milestones.when_line(row, words), *row.notes(words)]
    f = row.forecast
    chance = words("{p} by {day}", p=words.percent(f.probability), day=words.day(f.deadline, short=True))
    return Item(
        id=urn(situation, "forecast", key),
        title=f"{row.milestone.label_in(words.language)}{words.colon()}{chance}",
        page=page,
        html=Markup("").join(Markup("<p>{}</p>").format(harmless(line)) for line in said),
        text=harmless("\n".join(said)),
        published=recorded,
        updated=recorded,
        source_type=DRAWN,
        tags=((row.milestone.id, row.milestone.label_in(words.language)),),
        about={
            "milestone": row.milestone.id,
            "made": f.made.isoformat(),
            "probability": f.probability,
            "interval": list(f.interval),
            "never": f.never,
            "method": f.method,
            **about,
        },
    )


def _quotes(cited: Sequence[Cited], words: Words) -> Markup:
    out = Markup("")
    for c in cited:
        outlet: Any = harmless(c.outlet)
        if link_of(c.document):
            outlet = Markup('<a href="{}" rel="noreferrer nofollow">{}</a>').format(link_of(c.document), outlet)
        day = words.day(c.document.published) if c.document.published else words("undated")
        out += Markup('<blockquote lang="{}">{}</blockquote><p>{}, {} · {}</p>').format(
            c.document.language, harmless(c.evidence.quote), outlet, day, harmless(c.done(words))
        )
    return out


def quote_json(cited: Cited) -> dict[str, Any]:
    """A quote with where it stands, in which language, and what a person did."""
    return {
        "quote": cited.evidence.quote,
        "document": cited.document.id,
        "start": cited.evidence.start,
        "end": cited.evidence.end,
        "language": cited.document.language,
        "outlet": cited.outlet,
        "url": link_of(cited.document) or None,
        "published": cited.document.published.isoformat() if cited.document.published else None,
        "coder": cited.coder,
        "review_state": review_state(cited.decided),
    }


# Signs


def urn(situation: Situation, kind: str, key: str) -> str:
    """A name that stays the same wherever the feed is served from."""
    return uuid5(NAMESPACE_URL, f"detente:{situation.dossier.dyad}:{situation.dossier.name}:{kind}:{key}").urn


def moment(situation: Situation) -> datetime:
    """When the ledger was last written to; for an empty one, the first day looked at."""
    return situation.status.last or datetime.combine(situation.dossier.since, time(), UTC)


def stamp(when: datetime) -> str:
    """A moment as RFC 3339 has it, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def xml(text: str) -> str:
    """Text fit for XML: markup in it is text, and what XML cannot hold is written out."""
    return escape(harmless(text))


def attribute(text: str) -> str:
    """The same as the value of an attribute, in quotation marks."""
    return quoteattr(harmless(text))


def _plain(text: str) -> str:
    return flat(str(text))
