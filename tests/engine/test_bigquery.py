"""BigQuery is compiled for and connected to as far as that goes without the service: nothing here was run on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import pytest
import sqlglot
from event_tables import directed_rows, events_columns
from sqlglot import expressions as sql

from detente.engine import connect, daily_sums, day_sums, pair_sums, track_sums
from detente.errors import EngineError
from detente.terms import Dyad

pytest.importorskip("google.cloud.bigquery", reason="these tests need pip install 'detente[bigquery]'")
RUS_USA = Dyad("RUS", "USA")


@pytest.fixture(scope="module")
def asked() -> Iterator[dict[str, list[Any]]]:
    """What each measure asks a database, by name: the expressions that DuckDB is given."""
    table = ibis.expr.types.Table
    original, seen = table.to_pyarrow, []

    def noted(self: Any, **how: Any) -> Any:
        seen.append(self)
        return original(self, **how)

    found: dict[str, list[Any]] = {}
    with pytest.MonkeyPatch.context() as patch, connect("duckdb://") as engine:
        patch.setattr(table, "to_pyarrow", noted)
        events, own = engine.table(events_columns(200)), engine.events(directed_rows(50))
        for name, ask in {
            "every pair": lambda: daily_sums(events, quads=True, squares=True).to_pyarrow(),
            "one pair": lambda: daily_sums(events, RUS_USA).to_pyarrow(),
            "both directions": lambda: pair_sums(daily_sums(events), RUS_USA).to_pyarrow(),
            "own codings": lambda: day_sums(engine, own, RUS_USA, last_number=740_000),
            "own by track": lambda: track_sums(own, RUS_USA, first_number=1, last_number=740_000),
        }.items():
            seen.clear()
            ask()
            found[name] = [expression.unbind() for expression in seen]
        yield found


NAMES = ("every pair", "one pair", "both directions", "own codings", "own by track")


def parsed(expression: Any) -> sql.Select:
    (query,) = sqlglot.parse(ibis.to_sql(expression, dialect="bigquery"), read="bigquery")
    assert isinstance(query, sql.Select)
    return query


@pytest.mark.parametrize("name", NAMES)
def test_every_query_is_sql_of_bigquery_that_reads_again_and_gives_the_same_columns(
    asked: dict[str, list[Any]], name: str
) -> None:
    assert asked[name]
    for expression in asked[name]:
        query = parsed(expression)
        assert query.named_selects == list(expression.columns)
        again = sqlglot.parse_one(query.sql("bigquery"), read="bigquery")
        assert again == query


@pytest.mark.parametrize("name", NAMES)
def test_every_query_adds_up_whole_numbers_and_compares_states_as_values(
    asked: dict[str, list[Any]], name: str
) -> None:
    for expression in asked[name]:
        query = parsed(expression)
        assert query.find(sql.AggFunc)
        for total in query.find_all(sql.Sum):
            assert not isinstance(total.this, sql.Boolean | sql.Not | sql.And)
        assert not [kind for kind in query.find_all(sql.DataType) if kind.is_type("double", "float64")]
        if name != "every pair":
            assert {"RUS", "USA"} <= {value.this for value in query.find_all(sql.Literal) if value.is_string}


def test_acts_are_counted_under_their_condition(asked: dict[str, list[Any]]) -> None:
    (query,) = map(parsed, asked["every pair"])
    counts = {alias.alias: alias.this for alias in query.expressions if isinstance(alias, sql.Alias)}
    for name in ("acts", "joint_acts", "verbal_cooperation", "material_conflict"):
        assert isinstance(counts[name], sql.CountIf), name
    group = query.args["group"]
    assert len(group.expressions) == 4


def test_a_client_is_made_for_the_project_and_the_data_set_without_asking_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nobody listens there, so that a request would fail.
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:1")
    with connect("bigquery://my-project/events") as engine:
        backend: Any = engine.backend
        assert (backend.client.project, backend.data_project, backend.dataset) == ("my-project", "my-project", "events")
        assert backend.client._connection.API_BASE_URL == "http://127.0.0.1:1"


def test_missing_credentials_are_an_error_with_the_remedy_and_open_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIGQUERY_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/no/such/key.json")
    with pytest.raises(EngineError, match="GOOGLE_APPLICATION_CREDENTIALS"):
        connect("bigquery://my-project/events")
