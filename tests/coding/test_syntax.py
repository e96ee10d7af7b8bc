"""A parser's second opinion on parties, with parses written by hand: no parser is installed for the suite."""

import re
from datetime import date

import pytest

from detente import plugins
from detente.coding.events_syntax import Opinion
from detente.coding.parsers import load
from detente.coding.rules import RulesCoder
from detente.coding.syntax import Parse
from detente.dossier import starter
from detente.errors import CodingError, PluginError
from detente.evaluation import article_document
from detente.terms import Coding, Dyad

DOSSIER = starter(Dyad("CHN", "USA"), date(2020, 1, 1))


def parsed(text: str, tree: str) -> Parse:
    """A parse from `head:label` for each word and mark of the text, heads counted from 1, 0 for the root."""
    words = list(re.finditer(r"\w+(?:-\w+)*|[^\w\s]", text))
    rows = [cell.split(":", 1) for cell in tree.split()]
    assert len(words) == len(rows), [m[0] for m in words]
    return Parse(
        (m.start(), m.end(), m[0], int(head) - 1 if head != "0" else i, label)
        for i, (m, (head, label)) in enumerate(zip(words, rows, strict=True))
    )


class Fake:
    """Knows the sentences it was given and counts how often it was asked."""

    name = "fake-1"

    def __init__(self, language: str, trees: dict[str, str]) -> None:
        self.languages = frozenset((language,))
        self.trees = trees
        self.asked = 0

    def parse(self, text: str, language: str) -> Parse:
        self.asked += 1
        return parsed(text, self.trees[text])


def code(text: str, language: str, opinion: Opinion | None = None) -> Coding:
    document = article_document({"id": "one", "text": text, "language": language, "published": "2023-05-12"})
    return RulesCoder(DOSSIER, opinion).code(document)


def word(parse: Parse, at: int) -> str:
    return parse.nodes[at].word


@pytest.mark.parametrize(
    ("text", "tree", "verb", "subject"),
    [
        ("Moscow agreed to withdraw", "2:nsubj 0:root 4:mark 2:xcomp", 3, "Moscow"),
        ("Moscow urged Kyiv to withdraw", "2:nsubj 0:root 2:obj 5:mark 2:xcomp", 4, "Kyiv"),
        ("Moscow met Kyiv and left", "2:nsubj 0:root 2:obj 5:cc 2:conj", 4, "Moscow"),
        ("the envoy who left wept", "2:det 5:nsubj 4:nsubj 2:acl:relcl 0:root", 3, "envoy"),
        ("diplomats expelled by Moscow wept", "5:nsubj 1:acl 4:case 2:obl:agent 0:root", 1, "diplomats"),
    ],
)
def test_a_verb_without_a_subject_of_its_own_takes_that_of_its_governor(
    text: str, tree: str, verb: int, subject: str
) -> None:
    parse = parsed(text, tree)
    found = parse.subject_of(verb)
    assert found is not None
    assert word(parse, found[0]) == subject


def test_a_loop_of_coordinated_verbs_has_no_subject() -> None:
    assert parsed("went came", "2:conj 1:conj").subject_of(0) is None


def test_old_english_labels_are_read_like_universal_ones() -> None:
    old = parsed("He was expelled by Russia", "3:nsubjpass 3:auxpass 0:ROOT 3:agent 4:pobj")
    new = parsed("He was expelled by Russia", "3:nsubj:pass 3:aux:pass 0:root 5:case 3:obl:agent")
    assert old.role(4) == new.role(4) == (2, "agent")
    assert old.subject_of(2) == new.subject_of(2) == (0, "passive subject")


def test_a_name_in_apposition_plays_the_part_of_its_noun() -> None:
    parse = parsed("le ministre russe Lavrov a parlé", "2:det 6:nsubj 2:amod 2:appos 6:aux 0:root")
    assert parse.role(3) == (5, "subject")
    itself, phrase = parse.noun(2)
    assert 1 in phrase
    assert 1 not in itself, "an adjective modifies the minister, it is not he"


AGAINST = "Против неё и её семьи Пекин в четверг ввёл санкции."
AGAINST_TREE = "2:case 9:obl 5:cc 5:det 2:conj 9:nsubj 8:case 9:obl 0:root 9:obj 9:punct"
"""The rules read Пекин under the preposition that opens the sentence, and find nobody who acts."""


def test_the_parser_speaks_where_the_rules_are_silent() -> None:
    opinion = Opinion((Fake("ru", {AGAINST: AGAINST_TREE}),))
    events = code(AGAINST, "ru", opinion).events
    assert [(e.type, [p.side for p in e.actors]) for e in events] == [("SANCTION", ["CHN"])]


BOTH = "On Thursday Beijing sanctioned Washington."


def test_filling_changes_nothing_where_the_rules_find_both_sides() -> None:
    backwards = Fake("en", {BOTH: "2:case 4:obl 4:obj 0:root 4:nsubj 4:punct"})
    assert code(BOTH, "en", Opinion((backwards,), "fill")).events == code(BOTH, "en").events
    assert backwards.asked == 0, "a sentence is parsed only where it could change something"


def test_overriding_lets_the_parser_turn_the_parties_round() -> None:
    backwards = Fake("en", {BOTH: "2:case 4:obl 4:obj 0:root 4:nsubj 4:punct"})
    (rules,) = code(BOTH, "en").events
    (turned,) = code(BOTH, "en", Opinion((backwards,), "override")).events
    assert [p.side for p in rules.actors] == [p.side for p in turned.recipients] == ["CHN"]
    assert [p.side for p in turned.actors] == ["USA"]


def test_texts_in_a_language_without_a_parser_are_coded_by_rules_alone() -> None:
    other = Fake("fr", {})
    assert code(BOTH, "en", Opinion((other,), "override")).events == code(BOTH, "en").events
    assert other.asked == 0


def test_the_coder_signs_with_the_parsers_it_asks() -> None:
    assert RulesCoder(DOSSIER, Opinion((Fake("fr", {}),))).name == f"{RulesCoder(DOSSIER).name}+fake-1"


@pytest.mark.parametrize("name", ["no_such_pipeline", "slovnet"])
def test_a_missing_model_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.import_module", _nothing)
    with pytest.raises(CodingError, match=r"pip install \"detente\[parser\]\""):
        load(name)
    with pytest.raises(CodingError, match=name):
        plugins.coder(DOSSIER, f"rules+{name}")


def _nothing(name: str) -> None:
    raise ImportError(name)


@pytest.mark.parametrize("name", ["rules+", "rules++x", "unheard+fr_core_news_lg"])
def test_a_name_that_no_coder_answers_to_is_refused(name: str) -> None:
    with pytest.raises(PluginError, match=r"rules\+MODEL"):
        plugins.coder(DOSSIER, name)
