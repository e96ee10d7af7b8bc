"""Reference classes: which past cases a milestone is compared with. The choice decides the answer, so all are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.errors import ForecastError
from detente.forecast.cases import Case, Stage
from detente.forecast.queries import parse_query
from detente.forecast.spells import Sample, spells
from detente.forecast.us_records import us_sample
from detente.terms import Dyad

Table = Literal["cases", "us_vacancies", "us_ruptures"]


@dataclass(frozen=True, slots=True)
class CaseClass:
    """A named choice of past cases.

    Attributes:
        labels: By language.
        query: Which cases belong, in the words of `detente.forecast.queries`; empty for all.
        unseen_failures: Failed attempts added that nobody recorded, for each case in the class.
        table: Where its waits come from: the table of cases, or one of the United States' own spells. The latter wait
            from another day than a process does: since the post fell vacant, or relations were broken.
        stage: The one stage such a table speaks of; empty for any.
    """

    id: str
    labels: Mapping[str, str]
    query: str = ""
    unseen_failures: float = 0.0
    table: Table = "cases"
    stage: Stage | Literal[""] = ""

    def __post_init__(self) -> None:
        parse_query(self.query)

    def holds(self, case: Case) -> bool:
        """True for a case that belongs."""
        return self.table == "cases" and parse_query(self.query)(case)

    def sample(
        self, stage: Stage, cases: Iterable[Case], *, as_of: date, own: tuple[Dyad, date] | None = None
    ) -> Sample:
        """Waits for a stage of what belongs; none where its table does not speak of that stage.

        Args:
            cases: The table of cases.
            as_of, own: As in `detente.forecast.spells`.
        """
        if self.stage and self.stage != stage:
            return Sample(())
        if self.table != "cases":
            return us_sample(self.table, as_of=as_of, own=own)
        return spells([case for case in cases if self.holds(case)], stage, as_of=as_of, own=own)


CLASSES: Mapping[str, CaseClass] = {
    each.id: each
    for each in (
        CaseClass("all", {"en": "all past cases", "fr": "tous les cas passés", "ru": "все прошлые случаи"}),
        CaseClass(
            "major-power",
            {
                "en": "cases with a major power",
                "fr": "cas impliquant une grande puissance",
                "ru": "случаи с участием великой державы",
            },
            "major_power",
        ),
        CaseClass(
            "severed",
            {
                "en": "cases without diplomatic relations",
                "fr": "cas de relations rompues ou absentes",
                "ru": "случаи без дипломатических отношений",
            },
            "severed",
        ),
        CaseClass(
            "kept",
            {
                "en": "cases where relations were kept",
                "fr": "cas de relations maintenues",
                "ru": "случаи с сохранёнными отношениями",
            },
            "not severed",
        ),
        CaseClass(
            "documented",
            {
                "en": "cases dated from documents, at least in part",
                "fr": "cas datés sur documents, au moins en partie",
                "ru": "случаи, датированные по документам хотя бы отчасти",
            },
            "documented",
        ),
        # How many failed attempts go unrecorded is not known. One for every ten, five or two and a half known cases
        # moves the chance of two more years bringing ambassadors after 1.8 from 0.35 to 0.30, 0.26 or 0.20 (table of
        # 2026-11-29, `detente cases --stage ambassadors_exchanged --waited 1.8`). The middle one is shown.
        CaseClass(
            "unseen-failures",
            {
                "en": "all past cases, with one unrecorded failure for every five",
                "fr": "tous les cas passés, plus un échec non recensé pour cinq",
                "ru": "все прошлые случаи и одна неучтённая неудача на каждые пять",
            },
            unseen_failures=0.2,
        ),
        CaseClass(
            "us-vacancies",
            {
                "en": "posts of United States ambassadors that fell vacant",
                "fr": "postes d’ambassadeur des États-Unis devenus vacants",
                "ru": "освободившиеся посты послов США",
            },
            table="us_vacancies",
            stage="ambassadors_exchanged",
        ),
        CaseClass(
            "us-ruptures",
            {
                "en": "United States relations broken off, world wars apart",
                "fr": "relations rompues des États-Unis, hors guerres mondiales",
                "ru": "разорванные отношения США, кроме мировых войн",
            },
            table="us_ruptures",
            stage="relations_restored",
        ),
    )
}


def choose(cases: Iterable[Case], reference_class: str) -> tuple[Case, ...]:
    """Cases of a named class, in their order; none where its waits come from another table.

    Raises:
        ForecastError: The class is not known.
    """
    if reference_class not in CLASSES:
        raise ForecastError(f"reference class {reference_class!r} is not known. Use one of {', '.join(CLASSES)}.")
    return tuple(case for case in cases if CLASSES[reference_class].holds(case))
