"""Russian forms out of the shipped table, worked out afresh for names that it does not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from detente.registry.russian import Cases, NameKind, Sex, cases_ru, genitive_ru, inflect_ru
from detente.registry.tables import DATA

TABLE = "forms.ru.tsv"
Key = tuple[str, str]


@dataclass(frozen=True)
class Forms:
    """Case forms by kind and nominative; `asked` keeps what was looked up, for rebuilding the table."""

    table: Mapping[Key, tuple[str, ...]]
    asked: dict[Key, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> Forms:
        path = DATA / TABLE
        if not path.is_file():
            return cls({})
        table: dict[Key, tuple[str, ...]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                kind, name, forms = line.split("\t")
                table[kind, name] = tuple(forms.split("|"))
        return cls(table)

    def _get(self, kind: str, name: str, fresh: tuple[str, ...] | None = None) -> tuple[str, ...] | None:
        key = (kind, name)
        found = fresh if fresh is not None else self.table.get(key)
        if found is not None:
            self.asked[key] = found
        return found

    def of(self, kind: NameKind, name: str, *, sex: Sex = "", family_first: bool = False) -> tuple[str, ...]:
        """All forms, the given one first."""
        label = f"{kind}.{sex}" + (".family" if family_first else "") if kind == "person" and sex else kind
        return (
            self._get(label, name)
            or self._get(label, name, inflect_ru(name, kind=kind, sex=sex, family_first=family_first))
            or (name,)
        )

    def genitive(self, name: str) -> str:
        return (self._get("genitive", name) or self._get("genitive", name, (genitive_ru(name),)) or (name,))[0]

    def cases(self, noun: str) -> Cases:
        """The six cases of a common noun, each with its variants."""
        found = self._get("cases", noun)
        if found is None:
            found = self._get("cases", noun, tuple("/".join(case) for case in cases_ru(noun))) or ()
        return tuple(tuple(case.split("/")) for case in found)
