"""Who takes part where a sentence names nobody, or names them somewhere else than before the verb."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detente import plugins
from detente.dossier import starter
from detente.terms import Document, Dyad


def _events(language: str, dyad: str, day: str, text: str) -> list[str]:
    coder = plugins.coder(starter(Dyad.parse(dyad), date(2000, 1, 1)), None)
    document = Document("one", text, language, date.fromisoformat(day), "given", datetime(2026, 1, 1, tzinfo=UTC))
    return [
        f"{e.type} {'/'.join(sorted(e.sides))} {e.event_date.value if e.event_date else 'undated'}"
        for e in coder.code(document).events
    ]


@pytest.mark.parametrize(
    ("language", "dyad", "day", "text", "event"),
    [
        pytest.param(
            "en", "JPN-KOR", "2023-03-18",
            "Ties between Tokyo and Seoul had soured. The defence ministers met in Paris on Thursday.",
            "CONSULT JPN/KOR 2023-03-16", id="the two by their office, en",
        ),
        pytest.param(
            "fr", "COL-VEN", "2023-03-25",
            "La Colombie et le Venezuela se rapprochent. Les ministres des Affaires étrangères se "
            "retrouveront le 4 avril.",
            "CONSULT COL/VEN 2023-04-04", id="the two by their office, fr",
        ),
        pytest.param(
            "ru", "IND-PAK", "2024-05-11",
            "Дели и Исламабад договорились о прекращении огня. Снова генералы созвонятся 12 мая.",
            "CONSULT IND/PAK 2024-05-12", id="the two by their office, ru",
        ),
        pytest.param(
            "en", "ETH-SOM", "2024-07-03",
            "Ethiopia and Somalia are at odds. In Ankara on Monday their foreign ministers agreed to meet again on "
            "2 September.",
            "CONSULT ETH/SOM 2024-09-02", id="those who agreed will meet",
        ),
        pytest.param(
            "en", "CHN-AUS", "2023-06-19",
            "The Foreign Minister held talks with Wang Yi in Beijing today, and they agreed to resume the "
            "working groups.",
            "AGREE AUS/CHN 2023-06-19", id="they, after one who was met",
        ),
        pytest.param(
            "ru", "CHN-JPN", "2025-10-31",
            "Отношения Пекина и Токио потеплели. Встреча на базе в южнокорейском Пусане, состоявшаяся в четверг, "
            "длилась час.",
            "CONSULT CHN/JPN 2025-10-30", id="an adjective on a place, ru",
        ),
        pytest.param(
            "en", "CHN-JPN", "2025-10-31",
            "Ties between Beijing and Tokyo have warmed. The meeting in the Kazakh resort of Borovoe was held "
            "on Thursday.",
            "CONSULT CHN/JPN 2025-10-30", id="an adjective on a place, en",
        ),
        pytest.param(
            "fr", "DZA-FRA", "2025-04-02",
            "Les discussions qu'Alger et Paris ont menées mardi à Genève n'ont rien donné.",
            "CONSULT DZA/FRA 2025-04-01", id="a relative clause about the talks",
        ),
        pytest.param(
            "ru", "AZE-RUS", "2025-10-10",
            "План, который, по данным агентства, обсуждали в среду в Стамбуле Ильхам Алиев и Сергей Лавров, "
            "не опубликован.",
            "CONSULT AZE/RUS 2025-10-08", id="those who spoke stand behind their verb",
        ),
        pytest.param(
            "fr", "DZA-FRA", "2025-04-08",
            "Reçu dimanche à Alger, le ministre français a plaidé pour une relance.",
            "CONSULT DZA/FRA 2025-04-06", id="a participle at the head, fr",
        ),
        pytest.param(
            "en", "EGY-TUR", "2024-09-05",
            "Received in Ankara on Wednesday by Recep Tayyip Erdoğan, Abdel Fattah al-Sisi spoke of a new page.",
            "CONSULT EGY/TUR 2024-09-04", id="a participle at the head, en",
        ),
        pytest.param(
            "ru", "BLR-POL", "2025-04-08",
            "Принятый в понедельник в Минске глава польского МИД говорил об открытии границы.",
            "CONSULT BLR/POL 2025-04-07", id="a participle at the head, ru",
        ),
        pytest.param(
            "ru", "BLR-POL", "2025-09-26",
            "В Минске во вторник был принят глава польского МИД Радослав Сикорский.",
            "CONSULT BLR/POL 2025-09-23", id="who was received stands behind the passive",
        ),
        pytest.param(
            "en", "ESP-MAR", "2022-04-08",
            "The Spanish premier was in Rabat on Thursday, where the king received him.",
            "CONSULT ESP/MAR 2022-04-07", id="the guest as a pronoun, en",
        ),
        pytest.param(
            "fr", "ESP-MAR", "2022-04-08",
            "À Rabat, où il a été reçu jeudi par le roi, Pedro Sánchez a parlé d'un moment historique.",
            "CONSULT ESP/MAR 2022-04-07", id="the guest as a pronoun, fr",
        ),
        pytest.param(
            "en", "CUB-CAN", "2016-11-17",
            "Justin Trudeau landed in Havana on Tuesday. Raúl Castro received him on Wednesday.",
            "CONSULT CAN/CUB 2016-11-16", id="the guest of the sentence before, en",
        ),
        pytest.param(
            "fr", "CAN-CUB", "2016-11-17",
            "Justin Trudeau a atterri mardi à La Havane. Raúl Castro l'a reçu mercredi.",
            "CONSULT CAN/CUB 2016-11-16", id="the guest of the sentence before, fr",
        ),
        pytest.param(
            "ru", "CAN-CUB", "2016-11-17",
            "Джастин Трюдо во вторник прилетел в Гавану. В среду его принял Рауль Кастро.",
            "CONSULT CAN/CUB 2016-11-16", id="the guest of the sentence before, ru",
        ),
        pytest.param(
            "en", "SRB-XKX", "2023-05-03",
            "Serbia's president and Kosovo's prime minister were in Brussels on Tuesday for a new round of the "
            "EU-brokered dialogue.",
            "CONSULT SRB/XKX 2023-05-02", id="who came for a round, a host behind a hyphen",
        ),
        pytest.param(
            "ru", "SRB-XKX", "2023-05-03",
            "Президент Сербии и премьер Косова во вторник приехали в Брюссель на новый раунд диалога.",
            "CONSULT SRB/XKX 2023-05-02", id="both come to a third place",
        ),
        pytest.param(
            "en", "AUS-IDN", "2013-12-06",
            "Julie Bishop met Marty Natalegawa in Jakarta on Thursday. The two agreed to set up a hotline.",
            "AGREE AUS/IDN 2013-12-05", id="the two before a verb, en",
        ),
        pytest.param(
            "fr", "AUS-IDN", "2013-12-06",
            "L'Australie et l'Indonésie sont voisines. Tous deux ont convenu jeudi d'une ligne directe.",
            "AGREE AUS/IDN 2013-12-05", id="the two before a verb, fr",
        ),
        pytest.param(
            "ru", "AUS-IDN", "2013-12-06",
            "Австралия и Индонезия соседи. Оба согласились в четверг открыть прямую линию.",
            "AGREE AUS/IDN 2013-12-05", id="the two before a verb, ru",
        ),
        pytest.param(
            "en", "KAZ-UZB", "2022-12-23",
            "Water was the subject of Thursday's talks in Tashkent between Kassym-Jomart Tokayev and his host.",
            "CONSULT KAZ/UZB 2022-12-22", id="his host",
        ),
        pytest.param(
            "en", "EGY-QAT", "2022-06-26",
            "The emir of Qatar flew into Cairo on Friday night; the next day he and his host spoke for two hours.",
            "CONSULT EGY/QAT 2022-06-25", id="he and his host",
        ),
        pytest.param(
            "en", "CHN-JPN", "2024-05-16",
            "China's envoy will be in Tokyo on 20 May for talks with his Japanese opposite number.",
            "CONSULT CHN/JPN 2024-05-20", id="who comes for talks",
        ),
        pytest.param(
            "en", "IND-PAK", "2024-05-16",
            "India and Pakistan are talking again. A ceasefire was agreed on Tuesday in a call between the two "
            "countries' directors of operations.",
            "AGREE IND/PAK 2024-05-14", id="agreed, by whom is not said",
        ),
        pytest.param(
            "ru", "ARM-AZE", "2025-07-11",
            "Ереван и Баку согласовали текст мирного договора. Его подписание намечено на 8 августа.",
            "AGREE ARM/AZE 2025-08-08", id="the signing to come",
        ),
        pytest.param(
            "en", "BLR-POL", "2024-05-16",
            "Poland and Belarus are at odds over migrants. The border crossing at Bobrowniki was closed on Tuesday.",
            "SANCTION BLR/POL 2024-05-14", id="a measure between two, by whom is not said",
        ),
        pytest.param(
            "en", "IRN-SAU", "2023-03-11",
            "Iran and Saudi Arabia are no longer enemies. Five hours of talks in Beijing on Friday were enough.",
            "CONSULT IRN/SAU 2023-03-10", id="talks of a length",
        ),
    ],
)  # fmt: skip
def test_event_with_those_left_unsaid(language: str, dyad: str, day: str, text: str, event: str) -> None:
    assert event in _events(language, dyad, day, text)


@pytest.mark.parametrize(
    ("language", "dyad", "day", "text"),
    [
        pytest.param(
            "en", "CHL-PER", "2024-05-16",
            "Chile and Peru share a border. The foreign ministers of France and Germany met in Lyon on Tuesday.",
            id="the ministers of others",
        ),
        pytest.param(
            "fr", "CHL-PER", "2024-05-16",
            "Le Chili et le Pérou partagent une frontière. Les ministres des Affaires étrangères du Tchad et du Niger "
            "se sont rencontrés mardi.",
            id="the ministers of others, fr",
        ),
        pytest.param(
            "en", "CHL-PER", "2024-05-16",
            "Chile and Peru are neighbours. The leaders of the opposition met in Santiago on Tuesday.",
            id="leaders within one state, en",
        ),
        pytest.param(
            "fr", "CHL-PER", "2024-05-16",
            "Le Chili et le Pérou sont voisins. Une trêve entre bandes rivales a été conclue mardi.",
            id="a truce within one state, fr",
        ),
        pytest.param(
            "ru", "CHL-PER", "2024-05-16",
            "Чили и Перу — соседи. Перемирие между бандами было согласовано во вторник.",
            id="a truce within one state, ru",
        ),
        pytest.param(
            "en", "CHL-PER", "2024-05-16",
            "Chile and Peru are neighbours. The border was closed on Tuesday by a landslide.",
            id="closed by nature, en",
        ),
        pytest.param(
            "fr", "CHL-PER", "2024-05-16",
            "Le Chili et le Pérou sont voisins. La frontière a été fermée mardi à cause de la neige.",
            id="closed by nature, fr",
        ),
        pytest.param(
            "ru", "CHL-PER", "2024-05-16",
            "Чили и Перу — соседи. Граница была закрыта во вторник из-за схода лавины.",
            id="closed by nature, ru",
        ),
    ],
)  # fmt: skip
def test_no_event_of_the_two(language: str, dyad: str, day: str, text: str) -> None:
    assert not any("CHL/PER" in event for event in _events(language, dyad, day, text))
