"""Of what a model says, only what the text shows is coded; the rest is left out, with its reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.coding.llm_examples import GENEVE, RIYADH, ZVONOK, case, coded, coder, document, reasons
from tests.coding.model_server import NOTHING, SERVED, Asked, Behaviour, event, model_server, says, statement, writes

from detente import dossier as dossiers
from detente import plugins
from detente.coding.llm_endpoint import NoReply
from detente.coding.llm_prompt import PROMPT, Codebook, Unfit, messages, read_answer
from detente.errors import CodingError, DossierError, ModelStopped
from detente.terms import Span
from detente.testing import check_coder

MET = event(
    "met in Riyadh on 18 February 2025",
    "CONSULT",
    ["Russian Foreign Minister Sergey Lavrov", "Marco Rubio"],
    when="18 February 2025",
)
READY = statement("We are ready to restore relations with the United States", "Lavrov", 2)


def test_what_the_text_shows_is_coded_and_signed_with_the_model(tmp_path: Path) -> None:
    with model_server(says([MET], [READY])) as server:
        coding = coded(server, tmp_path, RIYADH)
    (met,), (said,) = coding.events, coding.statements
    assert coding.coder == "llm.v1+little"
    assert (met.type, met.sides, met.realis) == ("CONSULT", ("RUS", "USA"), "happened")
    assert met.event_date is not None
    assert (met.event_date.value, met.event_date.basis) == ("2025-02-18", "explicit")
    assert [p.entity for p in met.actors] == ["sergey-lavrov", "marco-rubio"]
    assert SERVED in met.rule
    assert SERVED in said.stance_reason
    assert (said.speaker.entity, said.stance, said.mode) == ("sergey-lavrov", 2, "quote")
    assert said.content.quote == READY["quote"]
    assert not reasons(coding)


def test_french_and_russian_are_found_through_typography(tmp_path: Path) -> None:
    exchange = event(
        "la Russie et les États-Unis ont procédé à un échange",
        "RETREAT",
        ["la Russie", "les Etats-Unis"],
        when="10 avril",
    )
    flights = statement("\"Nous n'avons pas fait de progrès notables", "S. Lavrov", -1, at="progrès notables")
    with model_server(says([exchange], [flights])) as server:
        french = coded(server, tmp_path / "fr", GENEVE, "fr", published="2025-04-11")
    call = event("Сергей Лавров провел телефонный разговор", "CONSULT", ["Сергей Лавров", "Марко Рубио"], at="разговор")
    with model_server(says([call])) as server:
        russian = coded(server, tmp_path / "ru", ZVONOK, "ru")
    assert [(e.sides, e.event_date and e.event_date.value) for e in french.events] == [(("RUS", "USA"), "2025-04-10")]
    assert [s.content.quote for s in french.statements] == ["Nous n’avons pas fait de progrès notables"]
    assert [(e.sides, e.event_date and e.event_date.value) for e in russian.events] == [(("RUS", "USA"), "2025-02-15")]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (event("signed a treaty in Riyadh on 18 February 2025", "AGREE", ["Lavrov"], at="Riyadh"), "quote"),
        (event("se sont rencontrés à Riyad le 18 février 2025", "CONSULT", ["Lavrov"], at="Riyadh"), "quote"),
        ({**MET, "paragraph": "p9"}, "paragraph"),
        ({**MET, "paragraph": "p2"}, "quote"),
        ({**MET, "actors": ["Emmanuel Macron"]}, "party"),
        ({**MET, "actors": ["Sergey Lavrov"]}, "sides"),
        ({**MET, "type": "ASSAULT"}, "contradicted"),
        ({**MET, "realis": "denied"}, "contradicted"),
        (event("talks", "CONSULT", ["Lavrov", "Trump"], at="after the talks"), "sides"),
    ],
)
def test_an_event_that_the_text_does_not_show_is_left_out(tmp_path: Path, item: dict[str, Any], reason: str) -> None:
    from detente.coding.llm_verify import REASONS

    with model_server(says([item])) as server:
        coding = coded(server, tmp_path, RIYADH)
    assert not coding.events
    assert reasons(coding) == {REASONS[reason]: 1}  # type: ignore[index]
    assert all(not issue.lost for issue in coding.issues)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (statement("We are ready to restore diplomatic ties with the United States", "Lavrov", at="We are"), "quote"),
        ({**READY, "speaker": "Vladimir Putin"}, "speaker"),
        ({**READY, "speaker": "the White House"}, "speaker"),
        ({**READY, "speaker": "Marco Rubio"}, "contradicted"),
        ({**READY, "speaker": ""}, "speaker"),
        (statement("Sergey Lavrov and US Secretary of State Marco Rubio met in Riyadh", "Sergey Lavrov"), "unsaid"),
        (statement("Share this article", "Lavrov"), "unsaid"),
    ],
)
def test_a_statement_that_the_text_does_not_show_is_left_out(tmp_path: Path, item: dict[str, Any], reason: str) -> None:
    from detente.coding.llm_verify import REASONS

    with model_server(says([], [item])) as server:
        coding = coded(server, tmp_path, RIYADH)
    assert not coding.statements
    assert reasons(coding) == {REASONS[reason]: 1}  # type: ignore[index]


def test_what_is_said_is_told_apart_from_who_says_it(tmp_path: Path) -> None:
    whole = "“We are ready to restore relations with the United States,” Lavrov said after the talks."
    with model_server(says([], [{**READY, "quote": whole}])) as server:
        (said,) = coded(server, tmp_path, RIYADH).statements
    assert said.content.quote == "We are ready to restore relations with the United States,"


def test_a_day_is_reckoned_by_us_and_never_taken(tmp_path: Path) -> None:
    text = "Sergey Lavrov called Marco Rubio on Tuesday.\nRussia and the United States will hold talks in May 2025."
    call = event("called Marco Rubio on Tuesday", "CONSULT", ["Sergey Lavrov", "Marco Rubio"], when="2031-01-01")
    talks = event("will hold talks in May 2025", "CONSULT", ["Russia", "the United States"], when="May 2025")
    with model_server(says([call, talks])) as server:
        coding = coded(server, tmp_path, text)
    (found,) = coding.events
    assert found.event_date is not None
    assert found.event_date.value == "2025-02-18", "the Tuesday before publication"
    assert list(reasons(coding)) == ["told as done, on a day after publication"]


def test_nothing_is_taken_from_boilerplate(tmp_path: Path) -> None:
    text = RIYADH.replace("Share this article", "Read also: Russia and the United States exchanged prisoners on 10 May")
    here = replace(document(text), boilerplate=(Span(text.index("Read also"), len(text)),))
    also = event("Russia and the United States exchanged prisoners", "RETREAT", ["Russia"], paragraph="p3")
    with model_server(says([also])) as server:
        coding = coder(server, tmp_path).code(here)
        assert "Read also" not in json.dumps(server.asked[0].body)
    assert not coding.events


def test_an_answer_without_the_form_is_asked_for_once_more_with_the_error(tmp_path: Path) -> None:
    broken = writes('{"events": [{"type": "WAR"}], "statements": []}')
    with model_server(broken, says([MET])) as server:
        coding = coded(server, tmp_path, RIYADH)
    assert len(coding.events) == 1
    assert len(server.asked) == 2
    assert "events.0" in server.asked[1].body["messages"][-1]["content"]


@pytest.mark.parametrize(
    "content",
    [
        "I cannot help with that.",
        '{"events": [',
        "[" * 5000,
        '{"events": {}, "statements": []}',
        '{"events": [], "statements": [], "x": NaN}',
        "",
    ],
)
def test_after_the_second_unusable_answer_the_paragraphs_are_given_up_and_it_is_said(
    tmp_path: Path, content: str
) -> None:
    with model_server(writes(content)) as server:
        coding = coded(server, tmp_path, RIYADH)
    assert len(server.asked) == 2
    assert (coding.events, coding.statements) == ((), ())
    assert list(reasons(coding)) == ["no answer of the form asked for, also when asked again"]
    assert coding.times, "what our own readers find stays"


def test_of_an_answer_that_was_cut_the_whole_items_are_used_and_the_rest_is_counted(tmp_path: Path) -> None:
    # As small models do, which repeat themselves until their answer is as long as it may be.
    whole = json.dumps({"events": [{**MET, "paragraph": "p1"}] * 3, "statements": []})
    rambling = writes(whole[: whole.rindex('"realis')], ended="length")
    with model_server(rambling) as server:
        coding = coded(server, tmp_path, RIYADH)
        assert coded(server, tmp_path, RIYADH) == coding, "the same from what was kept"
    assert len(server.asked) == 1, "it would be as long again"
    assert len(coding.events) == 1
    assert reasons(coding) == {"given twice": 1, "an item has not the form asked for": 1}


def test_an_answer_that_was_cut_before_its_first_item_ends_is_given_up(tmp_path: Path) -> None:
    with model_server(writes('{"events": [{"quote": "met', ended="length")) as server:
        coding = coded(server, tmp_path, RIYADH)
    assert "longer than 3000 tokens" in coding.issues[0].message


TIGHT = b'{"error": {"code": 400, "message": "request (4390 tokens) exceeds the available context size", "type": "x"}}'
"""As llama.cpp refuses a question that is too long."""


def full(most: int) -> Behaviour:
    """A server that holds so many paragraphs, and no second question."""

    def answer(asked: Asked) -> None:
        if len(asked.paragraphs) > most or asked.again:
            asked.send(400, TIGHT)
        else:
            says([MET], [READY])(asked)

    return answer


def test_paragraphs_that_are_too_many_for_the_model_at_once_are_asked_about_in_halves(tmp_path: Path) -> None:
    with model_server(full(1)) as server:
        coding = coded(server, tmp_path, RIYADH)
    assert [len(asked.paragraphs) for asked in server.asked] == [3, 1, 2, 1, 1]
    assert (len(coding.events), len(coding.statements)) == (1, 1)


def test_a_model_that_cannot_hold_one_paragraph_fails_the_document_and_at_the_third_ends_the_run(
    tmp_path: Path,
) -> None:
    with model_server(full(0)) as server:
        made = coder(server, tmp_path)
        for stop in (NoReply, NoReply, ModelStopped):
            with pytest.raises(stop, match=r"exceeds the available context size\. Let it hold more"):
                made.code(document(RIYADH))
    assert made.model.endpoint.store.spent().tokens == 0


def test_where_there_is_no_room_to_ask_again_what_has_the_form_is_used(tmp_path: Path) -> None:
    first = says([MET, {"at": "Riyadh", "type": "WAR"}])
    with model_server(first, full(9)) as server:
        coding = coded(server, tmp_path, RIYADH)
    assert len(server.asked) == 2
    assert len(coding.events) == 1
    assert reasons(coding) == {"an item has not the form asked for": 1}


def test_of_a_second_answer_what_has_the_form_is_used(tmp_path: Path) -> None:
    half = says([MET, {"at": "Riyadh", "type": "WAR"}], [{**READY, "stance": 3}, READY])
    with model_server(half) as server:
        coding = coded(server, tmp_path, RIYADH)
        assert coded(server, tmp_path, RIYADH) == coding
    assert len(server.asked) == 2, "and kept under the first question, which is not asked again"
    assert (len(coding.events), len(coding.statements)) == (1, 1)
    assert reasons(coding) == {"an item has not the form asked for": 2}


def test_models_that_think_aloud_or_fence_their_answer_are_read() -> None:
    for content in (f"<think>{{hm}}</think>\n{NOTHING}", f"Here:\n```json\n{NOTHING}\n```", NOTHING + "\nDone."):
        assert read_answer(content, Codebook.of()).events == ()
    with pytest.raises(Unfit):
        read_answer("null", Codebook.of())


def test_the_same_text_is_asked_about_once(tmp_path: Path) -> None:
    with model_server(says([MET], [READY])) as server:
        first = coder(server, tmp_path).code(document(RIYADH))
        again = coder(server, tmp_path).code(document(RIYADH))
        assert len(server.asked) == 1
        coder(server, tmp_path).code(document(RIYADH + "\nMore."))
        coder(server, tmp_path, model="other").code(document(RIYADH))
        assert len(server.asked) == 3
    assert first == again


def test_long_texts_are_asked_about_in_parts_and_each_part_for_itself(tmp_path: Path) -> None:
    filler = "\n".join(f"Sentence {n} of the report says little about anything at all in the end." for n in range(150))
    with model_server(says([MET, {**MET, "paragraph": "p1"}])) as server:
        coding = coded(server, tmp_path, RIYADH + "\n" + filler)
    assert len(server.asked) > 1
    assert len(coding.events) == 1
    shown = [name for asked in server.asked for name in asked.paragraphs]
    for asked in server.asked:
        form = asked.body["response_format"]["json_schema"]["schema"]["$defs"]["EventAnswer"]
        assert form["properties"]["paragraph"].get("enum", list(asked.paragraphs)) == list(asked.paragraphs)
    assert len(shown) == len(set(shown)) == 153
    assert "names a paragraph that was not given" in reasons(coding)


def test_the_coder_keeps_the_contract_of_all_coders(tmp_path: Path) -> None:
    with model_server(says()) as server:
        check_coder(coder(server, tmp_path))


def test_it_is_off_until_an_address_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DETENTE_LLM_ADDRESS", "DETENTE_LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DETENTE_LLM_STORE", str(tmp_path / "llm.db"))
    with pytest.raises(CodingError, match="no language model is set up"):
        plugins.coder(case(), "llm")


def test_it_is_made_from_environment_or_dossier_and_its_name_says_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_LLM_STORE", str(tmp_path / "llm.db"))
    monkeypatch.setenv("DETENTE_LLM_KEY", "sk-1")
    with model_server(says([MET])) as server:
        monkeypatch.setenv("DETENTE_LLM_ADDRESS", server.address)
        monkeypatch.setenv("DETENTE_LLM_MODEL", "small:8b")
        assert plugins.coder(case(), "llm").name == "llm.v1+small:8b"
        assert plugins.coder(case(), "llm+org/big-2").name == "llm.v1+org/big-2"
        table = f'\n[llm]\naddress = "{server.address}"\nmodel = "mine"\nversion = "{SERVED}"\n'
        named = dossiers.parse(case().text.replace("[dossier]", '[dossier]\ncoder = "llm"') + table)
        made = plugins.coder(named)
        assert made.name == f"llm.v1+mine@{SERVED}"
        assert len(made.code(document(RIYADH)).events) == 1
    assert server.asked[0].authorization == "Bearer sk-1"


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ('key = "sk-1"', "never written in the dossier"),
        ('address = "ftp://host"', "no http or https address"),
        ('address = "https://me:sk-1@host/v1"', "a key belongs in the environment"),
        ("money_per_day = 2", "needs price_in and price_out"),
        ('model = "a b"', "model"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(table: str, complaint: str) -> None:
    with pytest.raises(DossierError, match=complaint):
        dossiers.parse(case().text + f"\n[llm]\n{table}\n")


def test_a_changed_question_has_a_new_version() -> None:
    import hashlib

    asked = messages({"p1": "Text."}, ("Russia", "United States"), "2025-02-19", "en", Codebook.of())
    written = json.dumps([asked, Codebook.of().schema_for(["p1"])], sort_keys=True).encode()
    known = {"prompt.1": "249d0f6999ef7ab9", "prompt.2": "e1c9224ade224806", "prompt.3": "731110d50fe27536"}
    assert known[PROMPT] == hashlib.sha256(written).hexdigest()[:16], "raise PROMPT, and add its digest"


def test_every_variant_shows_every_definition_once() -> None:
    for variant in ("plain", "swapped", "reversed", "definitions"):
        book = Codebook.of(variant)  # type: ignore[arg-type]
        assert sorted(book.shown.values()) == sorted(Codebook.of().shown.values())
    assert all(label != kind for label, kind in Codebook.of("swapped").shown.items())
