"""Answers remembered: what was measured of the very same values before is not measured again.

Series of weeks and months stay as they are on most days: a new day belongs to a stretch that is not over, and enters
none. So an answer is kept under the digest of all that it was made of: the values, the code of all measures, the
libraries that compute. Nothing else is compared, and nothing is carried on: where a week is over, all of its series is
cut anew.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from detente.engine import Kept

P = ParamSpec("P")
R = TypeVar("R")
MOST = 256
"""Answers that are kept in a dossier; the oldest go first. All measures of one dyad and database have some twenty."""


def remembered(kept: Kept, measure: Callable[P, R], *given: P.args, **more: P.kwargs) -> R:
    """What a measure says, from what is kept where it was asked the very same.

    Args:
        kept: The dossier's cache.
        measure: A function of `detente.measures`, of records and numbers alone, that returns records.
    """
    import numpy as np

    kind = _hints(measure)["return"]
    asked = repr((measure.__module__, measure.__qualname__, given, sorted(more.items()), _code()))
    key = hashlib.sha256(asked.encode()).hexdigest()
    name = f"answer-{measure.__name__}-{key[:24]}"
    held = kept.read(name, key)
    if held is not None:
        found: R = _told(json.loads(held["answer"].tobytes()), kind)
        return found
    answer = measure(*given, **more)
    kept.write(name, key, {"answer": np.frombuffer(json.dumps(_plain(answer)).encode(), np.uint8)})
    kept.prune("answer-", MOST)
    return answer


@cache
def _code() -> str:
    """What an answer depends on besides what is asked."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    libraries = version("numpy"), version("scipy"), platform.python_version(), platform.machine()
    return repr((digest.hexdigest(), libraries))


@cache
def _hints(of: Any) -> dict[str, Any]:
    return get_type_hints(of)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [_plain(getattr(value, each.name)) for each in fields(value)]
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.toordinal()
    return value.item() if hasattr(value, "item") else value


def _told(value: Any, kind: Any) -> Any:
    """What `_plain` wrote down, as the kind it was."""
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(*(_told(part, hints[each.name]) for each, part in zip(fields(kind), value, strict=True)))
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_told(part, each) for part, each in zip(value, kinds, strict=True))
    if origin in (Union, UnionType):
        one, other = inner
        return None if value is None else _told(value, one if other is NoneType else other)
    if kind is date:
        return date.fromordinal(value)
    if origin is Literal or kind in (str, int, float, bool):
        return value
    raise TypeError(f"a {kind} cannot be read back. Measure it anew each time, or teach `_plain` and `_told` of it.")
