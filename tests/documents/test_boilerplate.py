"""What is marked as not being the article, and what must never be."""

import time

import pytest

from detente.documents import find_boilerplate, find_title

PROSE = {
    "fr": "Les deux délégations ont quitté la ville vendredi sans fixer de nouvelle date, selon le consulat.",
    "en": "The two delegations left the city on Friday without naming a new date, the consulate said.",
    "ru": "Делегации покинули город в пятницу, не назвав новой даты, сообщили в консульстве.",
}


def marked(text, **options):
    return [text[span.start : span.end] for span in find_boilerplate(text, **options)]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("fr", "Partagez cet article:"),
        ("fr", "Partager sur WhatsApp"),
        ("fr", "Lire aussi : Ce que disait le premier tour"),
        ("fr", "À LIRE AUSSI Ce que disait le premier tour"),
        ("fr", "Sur le même sujet"),
        ("fr", "Abonnez-vous à notre lettre du matin"),
        ("fr", "Photo : Agence du soir"),
        ("fr", "© Agence du soir"),
        ("fr", "Les avis exprimés ne reflètent pas nécessairement ceux de la rédaction."),
        ("fr", "Temps de lecture : 4 min"),
        ("en", "Share this story"),
        ("en", "Read more: What the first round said"),
        ("en", "Related articles"),
        ("en", "Sign up for our morning letter"),
        ("en", "Follow us on Telegram"),
        ("en", "Photo: Harbour Wire"),
        ("en", "(Reporting by A. Porter; Editing by J. Mills)"),
        ("en", "The views expressed here do not necessarily reflect those of the editors."),
        ("en", "5 min read"),
        ("ru", "Поделиться:"),
        ("ru", "Читайте также: Что сказали после первого раунда"),
        ("ru", "Смотрите также"),
        ("ru", "Подписывайтесь на наш канал"),
        ("ru", "Фото: пресс-служба"),
        ("ru", "При полном или частичном использовании материалов сайта ссылка обязательна."),
        ("ru", "Мнение редакции может не совпадать с мнением автора."),
        ("ru", "Нашли опечатку? Выделите её и нажмите Ctrl+Enter"),
    ],
)
def test_a_line_of_the_page_is_marked_between_paragraphs_and_at_the_end(language, line):
    prose = PROSE[language]
    assert marked(f"{prose}\n{line}\n{prose}") == [line]
    assert marked(f"{prose}\n{prose}\n{line}") == [line]


@pytest.mark.parametrize(
    "text",
    [
        "Lire aussi entre les lignes est un art que les diplomates pratiquent depuis des siècles, dit-il.",
        "Share prices fell on Friday after the talks in Istanbul ended without a date for the next round.",
        "Related to this is the question of banks, which neither side wanted to raise in public on Friday.",
        "More than forty people attended the talks, and the ministers will read more papers before Monday.",
        "По теме урегулирования стороны не сблизились, сообщил журналистам официальный представитель МИД.",
        "Ранее сообщалось, что стороны встретятся в апреле, однако дата так и не была согласована ими.",
        "Il y a 4 jours, les deux ministres s'étaient parlé au téléphone, a rappelé le porte-parole hier.",
        "Темы переговоров не раскрываются, однако география контактов расширяется, отметил посол России.",
        "The agency followed him to Riyadh, where he said that the two sides would share the costs equally.",
        "Photo opportunities were limited on Friday, and the ministers did not take questions from the press.",
        "Новости о переговорах в Стамбуле обсуждали в обеих столицах, но официальных заявлений не было.",
    ],
)
def test_running_text_is_never_marked(text):
    assert marked(text) == []
    assert marked(f"{text}\n{text}") == []
    assert marked(f"{text} {text} {text}") == []


def test_everything_after_the_sharing_line_is_marked_where_no_prose_follows():
    tail = (
        "Partagez cet article:\n"
        "Le Courrier publie des articles issus de sources extérieures. Les positions exprimées ne reflètent pas "
        "forcément les siennes. Politique de confidentialité.\n\n-\nSantéIl y a 4 jours\nUn vaccin pour tous\n-\n"
        "MondeIl y a 2 heures\nLa pluie revient"
    )
    assert marked(f"{PROSE['fr']}\n{tail}") == [tail]


def test_prose_after_a_sharing_line_is_kept():
    assert marked(f"Share this article\n{PROSE['en']}\n{PROSE['en']}") == ["Share this article"]


def test_teasers_with_their_age_are_marked_without_a_heading():
    teasers = "World\n2 days ago\nA bridge opens\nSport\n3 hours ago\nA match is lost"
    assert marked(f"{PROSE['en']}\n{PROSE['en']}\n{teasers}") == [teasers]


def test_page_data_that_ran_into_the_text_is_marked():
    tail = (
        "Смотрите также Перечень объектов 25 марта 2025 года География Турция Темы Внешняя политика "
        "Статус материала Опубликован в разделе: Новости Дата публикации: 25 марта 2025 года, 18:55 "
        "Ссылка на материал: example.ru/d/1 Текстовая версия"
    )
    text = f"События Итоги встречи экспертов 25 марта 2025 года 18:55 {PROSE['ru']} {PROSE['ru']} {tail}"
    assert marked(text) == ["События Итоги встречи экспертов", tail]


def test_a_known_title_that_ran_into_the_text_is_marked():
    title = "Указ о назначении посла"
    text = f"События {title} Президент подписал указ. 6 марта 2025 года 10:20 {PROSE['ru']}"
    assert marked(text, title=title) == [f"События {title}"]
    assert marked(f"{title}: {PROSE['ru']}", title=title) == []


def test_a_tail_that_ran_into_the_last_sentence_is_marked():
    assert marked(f"{PROSE['ru']} {PROSE['ru']} Подписывайтесь на каналЯндекс") == ["Подписывайтесь на каналЯндекс"]
    assert marked(f"{PROSE['en']} {PROSE['en']} (Reporting by A. Porter; editing by J. Mills)") == [
        "(Reporting by A. Porter; editing by J. Mills)"
    ]


def test_a_notice_among_sentences_is_marked_alone():
    notice = "Harbour Wire uses artificial intelligence as a tool to translate."
    assert marked(f"{PROSE['en']} {notice} {PROSE['en']}") == [notice]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            f"la Russie\nUne normalisation qui change de rythme\n\n{PROSE['fr']}",
            "Une normalisation qui change de rythme",
        ),
        (f"Envoys meet in Oslo again\n{PROSE['en']}", "Envoys meet in Oslo again"),
        (f"{PROSE['en']}\n{PROSE['en']}", ""),
        (f"События Итоги встречи экспертов 25 марта 2025 года 18:55 {PROSE['ru']}", "Итоги встречи экспертов"),
        ("Share this article\n" + PROSE["en"], ""),
        ("", ""),
        ("Line one\nLine two", ""),
    ],
)
def test_a_title_is_the_short_line_above_the_text(text, title):
    assert find_title(text) == title


@pytest.mark.parametrize(
    "text", ["Share this " * 100_000, "© " * 100_000, "\n" * 200_000, "Темы " * 100_000, "a. " * 200_000]
)
def test_a_hostile_text_does_not_hang(text):
    began = time.monotonic()
    find_boilerplate(text)
    find_title(text)
    assert time.monotonic() - began < 10
