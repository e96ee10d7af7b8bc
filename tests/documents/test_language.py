"""Which language a text is in; above all, what is not French, English or Russian."""

import sys

import pytest

from detente.documents import identify


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Les deux délégations ont quitté la ville sans fixer de nouvelle date, selon le consulat.", "fr"),
        ("la Russie", "fr"),
        ("The two delegations left the city without naming a new date, the consulate said on Friday.", "en"),
        ("Делегации покинули город в пятницу, не назвав новой даты, сообщили в консульстве.", "ru"),
        ("МИД РФ: переговоры завершены", "ru"),
        ("Делегації залишили місто у п'ятницю, не назвавши нової дати, повідомили в консульстві.", "uk"),
        ("Дэлегацыі пакінулі горад у пятніцу, не назваўшы новай даты, паведамілі ў консульстве.", "be"),
        ("Делегациите напуснаха града в петък, без да посочат нова дата, съобщиха от консулството.", "bg"),
        ("Делегације су напустиле град у петак, а да нису навеле нови датум, саопштио је конзулат.", "sr"),
        ("Делегациите го напуштија градот во петокот без да наведат нов датум, соопшти конзулатот.", "mk"),
        ("Die beiden Delegationen verließen die Stadt am Freitag, ohne ein neues Datum zu nennen.", "de"),
        ("Las dos delegaciones salieron de la ciudad el viernes sin fijar una nueva fecha.", "es"),
        ("Le due delegazioni hanno lasciato la città venerdì senza fissare una nuova data.", "it"),
        ("As duas delegações deixaram a cidade na sexta-feira sem marcar uma nova data.", "pt"),
        ("De twee delegaties verlieten de stad op vrijdag zonder een nieuwe datum te noemen.", "nl"),
        ("Obie delegacje opuściły miasto w piątek i nie podały nowej daty spotkania.", "pl"),
        ("İki heyet cuma günü yeni bir tarih vermeden şehirden ayrıldı, bunu konsolosluk duyurdu.", "tr"),
        ("两国代表团周五离开该市，没有公布新的日期。", "zh"),
        ("両国の代表団は金曜日に新しい日程を決めずに市を去った。", "ja"),
        ("غادر الوفدان المدينة يوم الجمعة دون تحديد موعد جديد.", "ar"),
        ("Οι δύο αντιπροσωπείες έφυγαν από την πόλη την Παρασκευή.", "el"),
        ("", "und"),
        ("12:30 — 18,5 % …", "und"),
        ("?", "und"),
    ],
)
def test_a_text_keeps_its_own_language(text, code):
    assert identify(text).code == code


@pytest.mark.parametrize("text", ["Talks", "Lavrov", "Дарчиев", "Rubio : rien"])
def test_a_word_or_two_is_never_sure(text):
    assert not identify(text).sure


def test_a_russian_text_that_quotes_ukrainian_stays_russian():
    russian = "Делегации покинули город в пятницу, не назвав новой даты, сообщили в консульстве. " * 6
    assert identify(f"{russian} Слово «незалежність» он произнёс по-украински: «Слава Україні»").code == "ru"


def test_an_english_text_about_paris_stays_english():
    text = (
        "The Quai d'Orsay said that « le dialogue est rompu » between the two capitals, and that it would not comment."
    )
    assert identify(text).code == "en"


def test_identifying_needs_no_model_where_words_decide(monkeypatch):
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    assert identify("Les deux délégations ont quitté la ville sans fixer de nouvelle date pour la suite.").sure
