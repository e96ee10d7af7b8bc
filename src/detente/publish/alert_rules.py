"""What a reader wants to be told of: rules, quiet hours and where to send, from `alerts.toml` beside the dossier.

Secrets never stand in the file: user and password of the mail server, and the addresses of other services, are read
from the environment.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from detente.errors import PublishError

FILE = "alerts.toml"
USER_VARIABLE, PASSWORD_VARIABLE = "DETENTE_SMTP_USER", "DETENTE_SMTP_PASSWORD"
SERVICES_VARIABLE = "DETENTE_APPRISE_URLS"
RuleKind = Literal["break", "milestone", "four-eyes", "silence", "stance"]
KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
_USED: dict[str, tuple[str, ...]] = {
    "break": ("above", "series"),
    "milestone": ("points", "days", "milestone"),
    "four-eyes": ("track",),
    "silence": ("days", "track"),
    "stance": ("statements", "speaker", "side"),
}
"""Settings that each kind of rule takes; one that it does not take would be thought to work."""
_Address = Annotated[str, Field(pattern=r"^[^\s@<>,;:\"]+@[A-Za-z0-9.\-\[\]:]+$", max_length=254)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """One rule.

    Attributes:
        above: A break is told from this probability on, 0 to 1.
        points: A milestone is told when its chance moved by so many points of a hundred.
        days: Of a milestone: within so many days; of silence: after more than so many.
        statements: So many statements in a row must have had the other sign before one is called a turn.
    """

    kind: RuleKind
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = ""
    above: Annotated[float, Field(ge=0.5, lt=1)] = 0.9
    points: Annotated[float, Field(gt=0, le=100)] = 5.0
    days: Annotated[int, Field(ge=1, le=3660)] = 30
    statements: Annotated[int, Field(ge=1, le=100)] = 3
    series: str = ""
    milestone: str = ""
    track: str = ""
    side: str = ""
    speaker: str = ""

    @model_validator(mode="after")
    def _takes_what_it_is_given(self) -> Rule:
        taken = {"kind", "id", *_USED[self.kind]}
        if unused := self.model_fields_set - taken:
            raise ValueError(f"a rule of kind {self.kind} takes no {', '.join(sorted(unused))}")
        return self

    @property
    def name(self) -> str:
        return self.id or self.kind


class Quiet(_Strict):
    """Hours in which nothing is sent; they may go past midnight."""

    begins: Annotated[time, Field(alias="from")]
    until: time
    zone: str = "UTC"

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"no time zone {zone!r} on this machine; write Europe/Paris or UTC") from None
        return zone

    def holds(self, when: datetime) -> bool:
        """Whether a moment lies in the quiet hours: from the first minute on, until before the last.

        >>> from datetime import UTC
        >>> night = Quiet.model_validate({"from": "20:00", "until": "07:00", "zone": "Europe/Paris"})
        >>> night.holds(datetime(2025, 4, 12, 4, 59, tzinfo=UTC)), night.holds(datetime(2025, 4, 12, 5, 0, tzinfo=UTC))
        (True, False)
        """
        at = when.astimezone(ZoneInfo(self.zone)).time().replace(tzinfo=None)
        if self.begins <= self.until:
            return self.begins <= at < self.until
        return at >= self.begins or at < self.until


class Mail(_Strict):
    """A mail server that takes the digest.

    Attributes:
        security: `starttls` (587), `tls` (465), or `none`, which is for a server on this machine or one that asks for
            no password.
        ca_file: Certificates that vouch for the server, where the machine's own do not.
        timeout_seconds: How long each answer of the server is waited for.
    """

    to: Annotated[tuple[_Address, ...], Field(min_length=1, max_length=50)]
    sender: Annotated[_Address, Field(alias="from")]
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-:]+$")] = "localhost"
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: str = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 30.0


class Settings(_Strict):
    """Everything in `alerts.toml`.

    Attributes:
        language: Of what is sent.
        address: Where the pages stand, so that each alert can name its own.
        most_a_day: Digests sent a day, by the calendar of the quiet hours' zone.
        services: Send through apprise too, to the addresses in `DETENTE_APPRISE_URLS`.
    """

    language: Literal["fr", "en", "ru"] = "en"
    address: Annotated[str, Field(pattern=r"^(https?://[^\s<>\"'?#]+/)?$")] = ""
    most_a_day: Annotated[int, Field(ge=1, le=96)] = 1
    services: bool = False
    quiet: Quiet | None = None
    mail: Mail | None = None
    rules: Annotated[tuple[Rule, ...], Field(alias="rule", min_length=1)] = tuple(Rule(kind=kind) for kind in KINDS)

    @model_validator(mode="after")
    def _names_differ(self) -> Settings:
        names = [rule.name for rule in self.rules]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two rules are called {', '.join(twice)}; give each an id")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.quiet.zone if self.quiet else "UTC")


def read(path: Path) -> Settings:
    """The rules in a file; without one, a rule of each kind and nowhere to send to.

    Raises:
        PublishError: The file cannot be read, or says something that cannot be.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as problem:
        raise PublishError(f"{path}: cannot be read: {problem}. Mend it, or take it away.") from problem
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise PublishError(f"{path}: {problem}. Write it as docs/alerts.md shows.") from problem
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        said = f"{path}: {where}: {first['msg']}" if where else f"{path}: {first['msg']}"
        raise PublishError(f"{said}. Write it as docs/alerts.md shows.") from problem
