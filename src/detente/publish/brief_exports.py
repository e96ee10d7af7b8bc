"""A brief for archives and agencies, made from its record: W3C PROV of every sentence, and ninjs 3.1 of IPTC.

Both are made from the JSON record of a brief (`Brief.as_json`), so that a version published long ago has them too, from
the record that was kept and sealed then.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from detente.errors import PublishError
from detente.publish.disclosure import IPTC
from detente.publish.text import flat, harmless

FORMS = ("prov.json", "ninjs.json")
_KINDS = ("entity", "activity", "agent")
_RELATIONS = (
    *("hadMember", "wasGeneratedBy", "used", "wasAssociatedWith", "wasAttributedTo"),
    *("wasDerivedFrom", "actedOnBehalfOf"),
)


def _qualified(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _moment(text: str) -> dict[str, str]:
    return {"$": text, "type": "xsd:dateTime"}


def _address(text: str) -> dict[str, str]:
    return {"$": text, "type": "xsd:anyURI"}


def _key(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


class _Graph:
    """PROV-JSON under way: records by kind and name, relations numbered."""

    def __init__(self) -> None:
        self.out: dict[str, dict[str, Any]] = {
            "prefix": {
                "detente": "urn:detente:",
                "prov": "http://www.w3.org/ns/prov#",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
                "schema": "https://schema.org/",
            },
            **{kind: {} for kind in (*_KINDS, *_RELATIONS)},
        }
        self._count = 0

    def put(self, kind: str, name: str, **about: Any) -> str:
        """A record, whose attributes stand under a prefix after their first underscore."""
        told = {key.replace("_", ":", 1): value for key, value in about.items() if value not in (None, "", ())}
        self.out[kind].setdefault(name, {}).update(told)
        return name

    def tie(self, relation: str, **ends: Any) -> None:
        self._count += 1
        self.out[relation][f"_:r{self._count}"] = {key.replace("_", ":", 1): value for key, value in ends.items()}

    def person(self, name: str) -> str:
        return self.put(
            "agent", f"detente:person-{_key(name)}", prov_type=_qualified("prov:Person"), prov_label=flat(name)
        )

    def program(self, name: str) -> str:
        return self.put(
            "agent", f"detente:program-{_key(name)}", prov_type=_qualified("prov:SoftwareAgent"), prov_label=flat(name)
        )


def made(record: Mapping[str, Any], form: str) -> bytes:
    """One of these forms of a brief.

    Raises:
        PublishError: There is no such form.
    """
    if form not in FORMS:
        raise PublishError(f"no form {form!r} of a brief. Ask for one of {', '.join(FORMS)}.")
    told = as_prov(record) if form == "prov.json" else as_ninjs(record)
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def as_prov(record: Mapping[str, Any]) -> dict[str, Any]:
    """What every sentence of a brief was derived from, who or what wrote it, and who read it, as W3C PROV-JSON.

    Args:
        record: Of a brief, as `Brief.as_json` gives it and as a published version keeps it.

    Source:
        W3C Member Submission "The PROV-JSON Serialization", 24 April 2013; PROV-DM, W3C Recommendation, 30 April 2013.
    """
    graph = _Graph()
    version, language = record["version"], record["language"]
    whole = graph.put(
        "entity",
        _brief(record, version),
        prov_type=_qualified("prov:Collection"),
        schema_additionalType="AnalysisNewsArticle",
        prov_label=flat(record["title"]),
        schema_inLanguage=language,
        schema_digitalSourceType=_address(record["digital_source_type"]),
        detente_sha256=record["text_sha256"],
        detente_dataVersion=record["data_version"],
        detente_label=record["label"]["line"],
    )
    program = graph.program(f"detente {record['code_version']}")
    ledger = graph.put(
        "entity",
        f"detente:data-{_key(record['data_version'])}",
        prov_type=_qualified("prov:Collection"),
        prov_label=f"ledger {record['data_version']}",
    )
    if record["responsible_person"]:
        act = graph.put(
            "activity",
            f"detente:publishing-{version}",
            prov_type=_qualified("detente:publishing"),
            prov_endTime=_moment(record["approved_at"]),
        )
        person = graph.person(record["responsible_person"])
        graph.tie("wasGeneratedBy", prov_entity=whole, prov_activity=act, prov_time=record["approved_at"])
        graph.tie("wasAssociatedWith", prov_activity=act, prov_agent=person)
        graph.tie("wasAttributedTo", prov_entity=whole, prov_agent=person)
        graph.tie("actedOnBehalfOf", prov_delegate=program, prov_responsible=person)
    if record["supersedes"]:
        before = graph.put("entity", _brief(record, record["supersedes"]), prov_type=_qualified("prov:Collection"))
        _derived(graph, whole, before, "prov:Revision")
    quotes = [_quote(graph, note) for note in record["footnotes"]]
    for section in record["sections"]:
        for sentence in section["sentences"]:
            name = _sentence(graph, sentence, quotes, ledger, program)
            graph.tie("hadMember", prov_collection=whole, prov_entity=name)
    return {kind: held for kind, held in graph.out.items() if held}


def _brief(record: Mapping[str, Any], version: int | None) -> str:
    which = f"v{version}" if version else f"draft-{record['text_sha256'][:16]}"
    return f"detente:brief-{_key(record['id'])}-{which}-{record['language']}"


def _derived(graph: _Graph, made: str, source: str, how: str = "") -> None:
    more = {"prov_type": _qualified(how)} if how else {}
    graph.tie("wasDerivedFrom", prov_generatedEntity=made, prov_usedEntity=source, **more)


def _quote(graph: _Graph, note: Mapping[str, Any]) -> str:
    document = graph.put(
        "entity",
        f"detente:document-{_key(note['document'])}",
        prov_type=_qualified("schema:NewsArticle"),
        prov_label=flat(note["title"] or note["document"]),
        detente_id=note["document"],
        schema_publisher=flat(note["source"] or ""),
        schema_url=_address(note["url"]) if re.match("https?://", note["url"] or "") else None,
        schema_datePublished=note["published"],
        schema_inLanguage=note["language"],
    )
    quote = graph.put(
        "entity",
        f"detente:quote-{_key(note['document'], note['start'], note['end'], note['entry'])}",
        prov_type=_qualified("schema:Quotation"),
        prov_value=note["quote"],
        detente_start=note["start"],
        detente_end=note["end"],
        detente_entry=note["entry"],
        detente_decided=note["decided"],
        schema_digitalSourceType=_address(f"{IPTC}digitalCreation"),
    )
    _derived(graph, quote, document, "prov:Quotation")
    if note["coder"]:
        graph.tie("wasAttributedTo", prov_entity=quote, prov_agent=graph.program(note["coder"]))
    return quote


def _sentence(graph: _Graph, sentence: Mapping[str, Any], quotes: list[str], ledger: str, program: str) -> str:
    name = graph.put(
        "entity",
        f"detente:sentence-{sentence['lang']}-{sentence['sha256'][:16]}",
        prov_type=_qualified(f"detente:{sentence['kind']}"),
        prov_value=sentence["text"],
        schema_inLanguage=sentence["lang"],
        schema_digitalSourceType=_address(sentence["digital_source_type"]),
        detente_sha256=sentence["sha256"],
        detente_origin=sentence["origin"],
        detente_data=sentence["data"],
    )
    if sentence["origin"] == "template":
        graph.tie("wasAttributedTo", prov_entity=name, prov_agent=program)
    if model := sentence["model"]:
        called = graph.program(f"{model['name']} {model['version'] or ''}".strip())
        graph.tie("wasAttributedTo", prov_entity=name, prov_agent=called)
    if sentence["judge"]:
        graph.tie("wasAttributedTo", prov_entity=name, prov_agent=graph.person(sentence["judge"]))
    for number in dict.fromkeys((*sentence["evidence"], *sentence["points"])):
        _derived(graph, name, quotes[number - 1])
    if sentence["data"]:
        _derived(graph, name, ledger)
    before = None
    if sentence["before_sha256"]:
        before = graph.put("entity", f"detente:sentence-{sentence['lang']}-{sentence['before_sha256'][:16]}")
        _derived(graph, name, before, "prov:Revision")
    for review in sentence["human"]:
        act = graph.put(
            "activity",
            f"detente:review-{review['seq']}",
            prov_type=_qualified(f"detente:{review['action']}"),
            prov_endTime=_moment(review["at"]),
        )
        graph.tie("wasAssociatedWith", prov_activity=act, prov_agent=graph.person(review["who"]))
        if review["action"] == "accepted":
            graph.tie("used", prov_activity=act, prov_entity=name)
        else:
            graph.tie("wasGeneratedBy", prov_entity=name, prov_activity=act, prov_time=review["at"])
            graph.tie("wasAttributedTo", prov_entity=name, prov_agent=graph.person(review["who"]))
            if before:
                graph.tie("used", prov_activity=act, prov_entity=before)
    return name


# For agencies

_NAMES: Mapping[str, str] = {
    "algorithmicMedia": "Pure algorithmic media",
    "composite": "Composite of elements",
    "compositeWithTrainedAlgorithmicMedia": "Composite including generative AI elements",
    "trainedAlgorithmicMedia": "Created using Generative AI",
    "digitalCreation": "Digital creation",
    "humanEdits": "Human-edited media",
    "dataDrivenMedia": "Data-driven media",
}
"""What IPTC calls the types a brief can have."""


def as_ninjs(record: Mapping[str, Any]) -> dict[str, Any]:
    """A brief as IPTC's News in JSON 3.1: headline, label, body as text and as markup, where each quote is from.

    Source:
        ninjs 3.1 (IPTC, 2025), https://iptc.org/std/ninjs/ninjs-schema_3.1.json
    """
    lines = list(_lines(record))
    text = "\n\n".join(line for _, line in lines)
    markup = "".join(f"<{tag}>{escape(line)}</{tag}>" for tag, line in lines)
    kind = record["digital_source_type"].removeprefix(IPTC)
    version = record["version"]
    moment = record["approved_at"]
    out: dict[str, Any] = {
        "uri": uuid5(NAMESPACE_URL, f"detente:{record['id']}:{record['language']}").urn,
        "type": "text",
        "representationType": "full",
        "standard": {
            "name": "ninjs",
            "version": "3.1",
            "schema": "https://iptc.org/std/ninjs/ninjs-schema_3.1.json",
        },
        "version": str(version or f"draft {record['data_version']}"),
        "language": record["language"],
        "pubStatus": "usable" if version else "withheld",
        "contentCreated": moment or f"{record['day']}T00:00:00Z",
        **({"versionCreated": moment} if moment else {}),
        "headlines": [{"role": "main", "value": flat(record["title"]), "contentType": "text/plain"}],
        "descriptions": [
            {"role": "caption", "value": flat(record["label"]["line"]), "contentType": "text/plain"},
        ],
        "bodies": [
            {"role": "main", "contentType": "text/plain", "value": text, "charCount": len(text),
             "wordCount": len(text.split())},
            {"role": "main", "contentType": "text/html", "value": markup},
        ],
        "digitalSourceType": {"name": _NAMES.get(kind, kind), "uri": record["digital_source_type"]},
        "infoSources": [
            {"name": name, "role": "quoted"} for name in dict.fromkeys(flat(n["source"]) for n in record["footnotes"])
            if name
        ],
        "altIds": [
            {"role": "sha256", "value": record["text_sha256"]},
            {"role": "data-version", "value": record["data_version"]},
        ],
    }  # fmt: skip
    if record["responsible_person"]:
        out["by"] = flat(record["responsible_person"])
    if notes := [each for each in record["corrections"] if each["text"]]:
        told = [f"{each['version']}: {' '.join(each['text'].values())}" for each in notes]
        out["edNote"] = flat("Corrections of earlier versions. " + " ".join(told))
    return out


def _lines(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(tag, text) of everything that is read, the label first."""
    yield "p", flat(record["label"]["line"])
    for section in record["sections"][1:]:
        if section["heading"]:
            yield "h2", flat(section["heading"])
        for sentence in section["sentences"]:
            marks = "".join(f"[{number}]" for number in sentence["evidence"])
            judged = f" ({sentence['judge']})" if sentence["judge"] else ""
            yield "p", harmless(f"{flat(sentence['text'])}{judged}{marks}")
    for number, note in enumerate(record["footnotes"], start=1):
        where = ", ".join(filter(None, (note["source"] or note["document"], note["published"], note["url"])))
        yield "p", flat(f"[{number}] {note['quote']} ({where})")
