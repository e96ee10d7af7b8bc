"""Where sentences end."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.documents import split
from detente.terms import Span


def cut(text, language, **options):
    return [text[span.start : span.end] for span in split(text, language, **options)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "M. Lavrov | "),
        ("fr", "M. Lavrov et MM. Rubio et Witkoff ont dîné. | Mme. Bruce était absente."),
        ("fr", "J. D. Vance et J.-Y. Le Drian se sont vus. | Ils n'ont rien signé."),
        ("fr", "Rome tomba vers 476 apr. J.-C. | On l'oublie."),
        ("fr", "L'art. 5 reste. | La hausse est de 2,5 % et de 3.1 points. | Tout va bien."),
        ("fr", "« Nous partons. » Et ils sont partis."),
        ("fr", "« Que voulez-vous ? » a-t-il demandé. | Personne n'a répondu…  | Puis si !"),
        ("fr", "Le processus relie les deux puissances. écrit He Yan, chercheur à l'ANBOUND. | La suite demain."),
        ("fr", "Ils partent.Le ministre reste. | Voir www.Example.com et Booking.com."),
        ("fr", "Il a dit (…) que oui [...] et non. | Point."),
        (
            "en",
            "Mr. Rubio met Sen. J. W. Smith in Washington, D.C. | He left the Embassy at 5 p.m. Moscow time.",
        ),
        ("en", "They spoke in the U.S. | The U.S. Embassy reopens on Jan. 5. | See no. 7."),
        ("en", "He said no. | Lavrov left. | The sun shone in the sun. | Lavrov came back."),
        ("en", "It fell by 2.5 percent to $3.1 billion. | Really?! | Yes."),
        ("en", '"Are you ready?" Secretary Rubio asked. | "We are." | He smiled.'),
        ("en", "“We are ready.” Nobody moved."),
        ("en", "The pact failed.[12] | A second one held. [3] | A third is due."),
        ("ru", "С. В. Лавров и А.Н. Дарчиев прибыли в г. Стамбул. | Там ждал Дж. Д. Вэнс."),
        ("ru", "Переговоры прошли 10 апреля 2025 г. в консульстве. | В 2014 г. Крым изменил всё."),
        ("ru", "Раунд состоялся в Стамбуле в апреле прошлого 2024 г. | Стороны довольны."),
        ("ru", "Университет им. М. В. Ломоносова закрыт. | Он сказал им. Лавров уехал."),
        ("ru", "Обсудили визы, счета и т. д. | Дат нет, т. е. всё открыто. | Выделено 5 тыс. долл. на ремонт."),
        ("ru", "«Вы готовы?» — Лавров ответил утвердительно. | «Нет!» — заявил он."),
        ("ru", "«Мы готовы», — сказал посол. | — Дат пока нет."),
        ("ru", "Дат сейчас нет, — сообщил представитель. | Это ясно."),
        ("ru", "Переговоры завершены.Стороны довольны. | Сайт kremlin.ru работает."),
        ("ru", "1. Стороны условились о судах. | 2. США помогут экспорту. | 3. Работа продолжится."),
        ("ru", "25 марта 2025 года 18:55 | 1. Стороны условились. | 2. Работа продолжится."),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language, text):
    wanted = [part.strip() for part in text.split("|") if part.strip()]
    joined = " ".join(wanted)
    if "Le ministre reste" in joined:
        wanted = ["Ils partent.", "Le ministre reste.", "Voir www.Example.com et Booking.com."]
    if "Стороны довольны. Сайт" in joined:
        wanted = ["Переговоры завершены.", "Стороны довольны.", "Сайт kremlin.ru работает."]
    if joined.startswith("« Nous partons") or joined.startswith("“We are ready"):
        head, tail = joined.split("» ", 1) if "» " in joined else joined.split("” ", 1)
        wanted = [head + ("»" if "«" in head else "”"), tail]
    assert cut(joined, language) == wanted


def test_a_line_break_ends_a_sentence_and_bullets_stay_outside():
    text = "Les deux parties :\n- ouvriront un guichet\n• nommeront un officier\n***\nFin de la liste"
    assert cut(text, "fr") == ["Les deux parties :", "ouvriront un guichet", "nommeront un officier", "Fin de la liste"]


def test_lines_wrapped_at_a_width_are_one_sentence():
    text = (
        "- The two sides agreed to keep merchant ships out of harm's way and\n to prepare a list of sites.\n"
        "- They praised the talks hosted for three days by President Donald J.\nTrump and his guests."
    )
    assert cut(text, "en") == [
        "The two sides agreed to keep merchant ships out of harm's way and\n to prepare a list of sites.",
        "They praised the talks hosted for three days by President Donald J.\nTrump and his guests.",
    ]


@pytest.mark.parametrize("below", ["Reprise du dialogue", "\nla suite", "• un point"])
def test_a_heading_is_not_joined_to_what_stands_below(below):
    text = f"La dynamique changeante du processus de normalisation entre deux pays\n{below}"
    assert len(cut(text, "fr")) == 2


def test_nothing_of_a_skipped_stretch_is_in_a_sentence():
    text = "Talks ended. Share this page now. They resume on Friday."
    skip = [Span(13, 33)]
    assert cut(text, "en", skip=skip) == ["Talks ended.", "They resume on Friday."]
    assert cut("One two three.", "en", skip=[Span(4, 7)]) == ["One", "three."]


def test_a_list_that_lost_its_line_breaks_is_cut_at_its_items():
    items = "; ".join(
        f"Снятия ограничений с банков и компаний, занятых в торговле продовольствием, номер {n}" for n in "абвгде"
    )
    assert len(cut(f"Пункты вступают в силу после: {items}.", "ru")) == 6


@given(st.text(alphabet="abЯя .!?…»«\"'()[]\n-—1;,т.г.\u00a0", max_size=120), st.sampled_from(["fr", "en", "ru", "de"]))
def test_sentences_are_apart_in_order_and_lose_no_letter(text, language):
    spans = split(text, language)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    inside = "".join(text[span.start : span.end] for span in spans)
    assert sorted(c for c in inside if c.isalnum()) == sorted(c for c in text if c.isalnum())


@pytest.mark.parametrize("text", ["." * 200_000, "a. " * 100_000, "1. A. " * 50_000, "»." * 100_000, "A; B" * 50_000])
def test_time_grows_with_length_alone(text):
    began = time.process_time()
    split(text, "ru")
    assert time.process_time() - began < 5


@pytest.mark.parametrize("name", ["США", "РФ", "ЕС", "СССР", "ООН", "НАТО"])
def test_a_stop_after_a_russian_name_in_capitals_ends_the_sentence(name: str) -> None:
    text = f"Документ передан в {name}. Москва ждёт ответа."
    assert [text[s.start : s.end] for s in split(text, "ru")] == [f"Документ передан в {name}.", "Москва ждёт ответа."]


def test_a_stamp_and_a_speakers_label_open_sentences_of_their_own() -> None:
    text = (
        "Состоялась встреча. 7 мая 2025 года 18:20 Москва, Кремль В.Путин: Добрый день. "
        "А.Пин Пин Аугусто Президент (как переведено) : Спасибо."
    )
    assert [text[s.start : s.end] for s in split(text, "ru")] == [
        "Состоялась встреча.",
        "7 мая 2025 года 18:20 Москва, Кремль",
        "В.Путин: Добрый день.",
        "А.Пин Пин Аугусто Президент (как переведено) : Спасибо.",
    ]


def test_a_stop_in_brackets_within_a_sentence_does_not_end_it() -> None:
    text = "Under the Act (12 G.C. 17 et seq.) (GEPA), I report an order. It stands."
    assert cut(text, "en")[1:] == ["It stands."]
