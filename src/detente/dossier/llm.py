"""Which language model a dossier may ask, and what asking may cost: the table `[llm]` of `dossier.toml`."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

ADDRESS, MODEL, KEY = "DETENTE_LLM_ADDRESS", "DETENTE_LLM_MODEL", "DETENTE_LLM_KEY"
"""Variables of the environment; the key is read from there alone."""


class LlmOptions(BaseModel):
    """How a language model is asked.

    Attributes:
        address: Base address of an OpenAI-compatible server, `https://host/v1`; empty where no model is asked.
        model: Name under which the server knows the model.
        version: What the server must call the model in its answers; empty to take the first name it gives.
        key_variable: Variable of the environment that holds the key. A server that wants none needs no such variable.
        price_in, price_out: Money for a million tokens sent and a million got.
        currency: What prices are in.
        tokens_per_run, tokens_per_day, money_per_run, money_per_day: What is never passed; None is no bound.
        at_once: Requests under way at any moment, of all processes together.
        timeout_seconds: Longest time for one answer.
        tries: How often one request is made where the server is busy, slow or out of order.
        answer_tokens: Longest answer asked for.
        answer_bytes: Longest answer read.
        format: How JSON is asked for: `json_schema` with our schema, `json_object`, or `none` where a server knows
            neither.
        ask_below: Confidence below which the rules' codings are put to the model (second opinion).
        confidence: Share (0-1) of the model's codings taken to be right, before doubts; `detente evaluate llm` measures
            it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    address: str = ""
    model: str = Field(default="", pattern=r"^([A-Za-z0-9][A-Za-z0-9._:/@-]{0,119})?$")
    version: str = Field(default="", pattern=r"^([A-Za-z0-9][A-Za-z0-9._:/@-]{0,119})?$")
    key_variable: str = Field(default=KEY, pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,79}$")
    price_in: Decimal | None = Field(default=None, ge=0, le=1_000_000)
    price_out: Decimal | None = Field(default=None, ge=0, le=1_000_000)
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    tokens_per_run: int | None = Field(default=2_000_000, ge=1)
    tokens_per_day: int | None = Field(default=5_000_000, ge=1)
    money_per_run: Decimal | None = Field(default=None, ge=0)
    money_per_day: Decimal | None = Field(default=None, ge=0)
    at_once: int = Field(default=4, ge=1, le=64)
    timeout_seconds: float = Field(default=120.0, gt=0, le=3600)
    tries: int = Field(default=4, ge=1, le=20)
    answer_tokens: int = Field(default=3000, ge=64, le=100_000)
    answer_bytes: int = Field(default=400_000, ge=1000, le=10_000_000)
    format: Literal["json_schema", "json_object", "none"] = "json_schema"
    ask_below: float = Field(default=0.7, ge=0, le=1)
    confidence: float = Field(default=0.5, ge=0, le=1)

    @model_validator(mode="before")
    @classmethod
    def _no_key(cls, raw: object) -> object:
        if isinstance(raw, Mapping) and {"key", "api_key", "token"} & set(raw):
            raise ValueError(f"a key is never written in the dossier; put it in the environment, as {KEY}")
        return raw

    @field_validator("address")
    @classmethod
    def _http(cls, address: str) -> str:
        if not address:
            return address
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("is no http or https address; write https://host/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("holds more than host and path; a key belongs in the environment")
        return address.rstrip("/")

    @model_validator(mode="after")
    def _priced(self) -> LlmOptions:
        if (self.price_in is None) != (self.price_out is None):
            raise ValueError("give price_in and price_out, or neither; 0 is a price")
        if (self.money_per_run is not None or self.money_per_day is not None) and self.price_in is None:
            raise ValueError("a bound in money needs price_in and price_out, per million tokens")
        return self

    def from_environment(self, environment: Mapping[str, str]) -> LlmOptions:
        """The same with address and model from the environment, where the dossier names none.

        >>> LlmOptions(model="m").from_environment({"DETENTE_LLM_ADDRESS": "http://localhost:8080/v1"}).address
        'http://localhost:8080/v1'
        """
        found = {
            "address": self.address or environment.get(ADDRESS, "").strip(),
            "model": self.model or environment.get(MODEL, "").strip(),
        }
        return LlmOptions.model_validate({**self.model_dump(), **found})

    @property
    def sends_in_the_clear(self) -> bool:
        """Whether texts and key would cross a public network unencrypted.

        >>> LlmOptions(address="http://localhost:11434/v1").sends_in_the_clear
        False
        >>> LlmOptions(address="http://models.example.org/v1").sends_in_the_clear
        True
        """
        parts = urlsplit(self.address)
        host = parts.hostname or ""
        if parts.scheme != "http" or host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
            return False
        try:
            return ipaddress.ip_address(host).is_global
        except ValueError:
            return "." in host
