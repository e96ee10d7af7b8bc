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
        ("fr", "Publié le 3 mars 2026 à 9 h 15, mis à jour le 4 mars à 10:02"),
        ("fr", "Publié hier à 21h40. Temps de lecture : 2 min. Article réservé aux abonnés : essayez une semaine."),
        ("fr", "(Service étranger, avec AFP et Reuters)"),
        ("fr", "Le Courrier avec agences"),
        ("fr", "(Reportage d'Anna Petit ; édité par Jean Blanc)"),
        ("fr", "Mots-clés : Cuba, États-Unis, diplomatie"),
        ("fr", "Nous utilisons des cookies pour mesurer l'audience de ce site."),
        ("fr", "Chargement…"),
        ("fr", "12 commentaires"),
        ("fr", "Le président Miguel Diaz-Canel à La Havane, le 6 mai 2025. MARIE DURAND / AFP"),
        ("en", "Published January 23, 2026 11:40 GMT | 5 min read | 23 comments"),
        ("en", "Last updated on 5 May 2025 at 10:30 am"),
        ("en", "This article is for subscribers only."),
        ("en", "(With inputs from agencies)"),
        ("en", "Source: Reuters"),
        (
            "en",
            "The ministry published this content on May 5, 2025, and is solely responsible for the information here.",
        ),
        ("en", "Distributed via Harbour Wire, unedited and unaltered, on May 5, 2025 at 15:31 UTC."),
        ("en", "Loading..."),
        ("en", "Skip to main content"),
        ("en", "#Cuba #Migration"),
        ("en", "President Miguel Diaz-Canel greets Sergey Lavrov in Havana on May 6, 2025"),
        ("en", "Bruno Rodriguez (left) and Sergey Lavrov before their talks"),
        ("ru", "Опубликовано: 23 января 2026 г. в 11:40, обновлено: 14:05. Время чтения: 3 минуты"),
        ("ru", "Материал доступен только подписчикам."),
        ("ru", "(с AFP)"),
        ("ru", "С использованием материалов РИА Новости и ТАСС"),
        ("ru", "Источник: ТАСС"),
        ("ru", "Комментарии (5)"),
        ("ru", "Теги: Куба, США, миграция"),
        ("ru", "Мы используем файлы cookie."),
        ("ru", "Мигель Диас-Канель и Сергей Лавров в Гаване, 6 мая 2025 года"),
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
        "HAVANA, May 5 (Reuters) — The two sides met on Monday to discuss their embassies, officials said.",
        "Publié le 8 avril 2025, le décret prévoit la fermeture de trois consulats, a précisé le ministère.",
        "Published in Havana on May 5, the decree suspends the agreement on fisheries, the ministry said.",
        "Russia is solely responsible for the delay and must bear its cost, the minister said on Friday.",
        "Ce communiqué a été publié par le ministère mardi soir, peu après la fin de la rencontre.",
        "Home to the largest embassy in the region, Havana hosted the second round of talks on Monday.",
        "Loading of the cargo began on Friday in the port of Mariel, the ministry said in a statement.",
        "По материалам следствия, обвиняемый передал данные третьим лицам, сообщили в суде.",
        "С использованием материалов дела суд установил, что договор нарушен.",
        "The minister welcomed the decision, the agency reported on Friday. (Reuters)",
    ],
)
def test_running_text_is_never_marked(text):
    assert marked(text) == []
    assert marked(f"{text}\n{text}") == []
    assert marked(f"{text} {text} {text}") == []


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("fr", "Rencontre à Istanbul, le 10 avril 2025"),
        ("fr", "Donald Trump a rencontré Vladimir Poutine à Anchorage le 15 août 2025"),
        ("fr", "Le ministre s'est entretenu avec l'AFP"),
        ("en", "What Washington wants"),
        ("en", "Statement on the exchange of prisoners, May 5, 2025"),
        ("en", "Show more flexibility, Lavrov urges"),
        ("en", "Evan Gershkovich is a reporter for The Wall Street Journal."),
        ("ru", "Источник: Трамп встретится с Путиным в апреле"),
        ("ru", "Президент Кубы Мигель Диас-Канель прибыл в Москву 5 мая 2025 года"),
        ("ru", "По данным Reuters, стороны договорились о встрече в апреле."),
    ],
)
def test_a_heading_of_the_authors_own_is_kept(language, heading):
    prose = PROSE[language]
    assert marked(f"{prose}\n{heading}\n{prose}") == []
    assert marked(f"{heading}\n{prose}\n{prose}") == []
    assert marked(f"{prose}\n{prose}\n{heading}") == []


def test_the_path_above_a_page_is_marked_with_the_title_that_is_a_step_of_it_and_the_date_is_kept():
    path = (
        "Home\nBureau of Western Hemisphere Affairs\nPress Releases\nTalks on Migration Resume in Havana\n"
        "Media Note\nOffice of the Spokesperson"
    )
    text = f"{path}\nMay 5, 2025\n\n{PROSE['en']}"
    assert marked(text) == [path]
    assert find_title(text) == "Talks on Migration Resume in Havana"


@pytest.mark.parametrize(
    ("language", "path", "title"),
    [
        ("fr", "Accueil\nSalle de presse", "Entretien du ministre avec son homologue cubain"),
        ("en", "Home > World > Americas", "Envoys meet in Havana again"),
        ("ru", "Главная\nНовости\nПресс-релизы", "О встрече министра с послом Кубы"),
    ],
)
def test_a_title_below_the_path_is_kept(language, path, title):
    text = f"{path}\n{title}\n{PROSE[language]}"
    assert marked(text) == [path]
    assert find_title(text) == title


def test_one_name_of_a_section_above_the_text_is_kept():
    assert marked(f"Russia\n{PROSE['en']}\n{PROSE['en']}") == []


@pytest.mark.parametrize(
    "tail",
    [
        "Tags\nBureau of Western Hemisphere Affairs\nCuba\nThe Secretary of State",
        "Mots-clés\nCuba\nÉtats-Unis",
        "Темы: Куба, США",
        "Главная / Новости / Политика",
        "Jane Roe is a correspondent for Harbour Wire covering the Caribbean, based in Havana.",
        "Claire Petit est journaliste au service étranger, spécialiste de l'Amérique latine.",
        "Иван Петров — обозреватель отдела международной политики.",
        "By Jane Roe",
    ],
)
def test_what_closes_a_page_is_marked_below_the_article_alone(tail):
    assert marked(f"{PROSE['en']}\n{PROSE['en']}\n{tail}") == [tail]
    assert marked(f"{PROSE['en']}\n{tail}\n{PROSE['en']}") == []


def test_an_agency_credit_that_ran_into_the_last_sentence_is_marked():
    for language, credit in (
        ("fr", "(avec AFP)"),
        ("fr", "– AFP"),
        ("en", "(with Reuters)"),
        ("en", "Source: Reuters"),
        ("ru", "(с AFP)"),
        ("ru", "Источник: РИА Новости"),
        ("ru", "#Куба #США"),
    ):
        assert marked(f"{PROSE[language]} {PROSE[language]} {credit}") == [credit]


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


def test_a_section_with_the_title_and_a_stamp_on_a_line_of_their_own_is_a_head() -> None:
    text = f"События Встреча с Президентом Чили 25 марта 2025 года 18:55 Лима\n{PROSE['ru']}"
    assert marked(text) == ["События Встреча с Президентом Чили"]


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
    "text",
    [
        "Share this " * 25_000,
        "© " * 25_000,
        "\n" * 50_000,
        "Темы " * 25_000,
        "a. " * 50_000,
        "Home > " * 25_000,
        "Publié le 3 mars " * 12_000,
        "(avec AFP et " * 12_000,
        "Anna Petit " * 12_000,
        "Anna Petit et\n" * 5_000,
        f"{PROSE['en']}\nTags\n" * 1_250,
        "Anna Petit (left)\n" * 5_000,
        "Par Anna Petit, " * 12_000,
        "(Reportage " * 12_000,
    ],
)
def test_a_hostile_text_does_not_hang(text):
    began = time.process_time()
    find_boilerplate(text)
    find_title(text)
    assert time.process_time() - began < 2.5


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (
            "События Телефонный разговор с Президентом Перу",
            "Состоялся телефонный разговор президентов Чили и Перу о торговле и границе.",
        ),
        (
            "События Соболезнования Президенту Перу",
            "Габриэль Борич направил телеграмму Президенту Перу после землетрясения на севере страны.",
        ),
        ("События Встреча с Президентом Перу", "По инициативе чилийской стороны прошла встреча двух президентов."),
        (
            "События Анонс",
            "9 сентября в Сантьяго начнутся переговоры с Президентом Перу о торговле, общей границе и судьбе рыбаков.",
        ),
        (
            "Смотрите также Встреча с министром 5 мая 2020 года",
            "Габриэль Борич провёл разговор с Президентом Перу. Вновь обсуждались вопросы торговли и общей границы.",
        ),
    ],
)
def test_a_title_of_a_section_or_a_linked_page_that_ran_into_the_first_sentence_is_marked(head, text):
    assert marked(f"{head} {text}") == [head]


def test_a_sentence_that_opens_with_the_name_of_a_section_is_kept():
    assert marked("События последних дней показали, что стороны готовы продолжать переговоры о границе в Лиме.") == []


def test_a_box_of_links_and_a_title_below_a_picture_are_marked_inside_a_text_without_line_breaks() -> None:
    title = "Встреча с президентом Перу в Лиме"
    text = (
        f"События {title} Состоялась встреча президентов Перу и Чили в столице. 3 мая 2011 года 18:20 "
        f"Лима, Дворец {title} Стороны обсудили общую границу и рыболовство на севере. "
        "Смотрите также Участники переговоров 3 мая 2011 года Перу внесла большой вклад в общее дело двух стран."
    )
    marked = [text[s.start : s.end] for s in find_boilerplate(text, title=title)]
    assert marked == [f"События {title}", title, "Смотрите также Участники переговоров 3 мая 2011 года"]


def test_the_label_of_an_announcement_is_marked_with_the_title() -> None:
    title = "13 мая состоятся переговоры президентов Перу и Чили"
    story = "13 мая президент Перу проведёт переговоры с президентом Чили в Лиме."
    text = f"События {title} Анонс на 13 мая 2011 года {story}"
    assert [text[s.start : s.end] for s in find_boilerplate(text, title=title)] == [
        f"События {title} Анонс на 13 мая 2011 года"
    ]
