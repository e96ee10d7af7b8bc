"""Hooks by which other packages add sources and coders; our own come through the same door.

A plugin is a module with functions marked `@hookimpl`, named under the entry-point group `detente`. Names carry a
version (`keyword.v1`), and a name taken twice is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pluggy

from detente import languages
from detente.errors import PluginError

if TYPE_CHECKING:
    from detente.coding.coder import Coder, CoderMaker, CoderWithModelsMaker
    from detente.dossier import Dossier

hookspec = pluggy.HookspecMarker("detente")
hookimpl = pluggy.HookimplMarker("detente")


class _Hooks:
    @hookspec
    def register_coders(self) -> Mapping[str, CoderMaker]:
        """Coders by versioned name: a function that makes one for a dossier."""
        raise NotImplementedError

    @hookspec
    def register_coders_with_models(self) -> Mapping[str, CoderWithModelsMaker]:
        """Coders that take models of the user's behind a `+`, by plain name: `rules` makes `rules+fr_core_news_lg`."""
        raise NotImplementedError

    @hookspec
    def register_sources(self) -> Mapping[str, Callable[..., Any]]:
        """Readers by scheme (`archive`) or suffix (`.warc`).

        A function of what was named, the limits, and whether to follow a feed to its pages; it yields
        `detente.sources.Got` or an Issue.
        """
        raise NotImplementedError

    @hookspec
    def register_languages(self) -> Iterable[Path]:
        """Folders of languages, each named after its code, in the form of those in `detente.languages`."""
        raise NotImplementedError


@cache
def manager() -> pluggy.PluginManager:
    """The plugin manager with every installed plugin loaded.

    Raises:
        PluginError: An installed plugin cannot be imported.
    """
    plugins = pluggy.PluginManager("detente")
    plugins.add_hookspecs(_Hooks)
    try:
        plugins.load_setuptools_entrypoints("detente")
    except Exception as problem:
        raise PluginError(
            f"a plugin under the entry points 'detente' cannot be loaded: {problem}. Remove it."
        ) from problem
    for folders in plugins.hook.register_languages():
        for folder in folders:
            languages.add(folder)
    return plugins


def _gathered(hook: Callable[[], list[Mapping[str, Any]]], what: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for offered in hook():
        for name, value in offered.items():
            if name in found:
                raise PluginError(f"two plugins offer the {what} {name!r}. Uninstall one or raise its version.")
            found[name] = value
    return found


def coder_makers() -> dict[str, CoderMaker]:
    """Every coder on offer, by versioned name."""
    return _gathered(manager().hook.register_coders, "coder")


def sources() -> dict[str, Callable[..., Any]]:
    """Every reader that plugins add, by suffix or scheme."""
    return _gathered(manager().hook.register_sources, "source")


def _versioned(name: str, makers: Iterable[str]) -> str:
    """A coder's name with its version, where it is given without one and one version alone is installed."""
    versions = [made for made in makers if made.rpartition(".v")[0] == name]
    return versions[0] if len(versions) == 1 else name


def coder(dossier: Dossier, name: str | None = None) -> Coder:
    """The coder of that name, or the dossier's own, made for the dossier.

    `rules+fr_core_news_lg+slovnet` is the coder `rules` with two models, which must be installed; `llm` is `llm.v1`.

    Raises:
        PluginError: No installed plugin offers it.
        CodingError: A model it names is not installed.
    """
    makers = coder_makers()
    wanted = _versioned(name or dossier.coder, makers)
    if wanted in makers:
        made = makers[wanted](dossier)
        if made.name.split("+")[0] != wanted:
            raise PluginError(f"coder {wanted!r} calls itself {made.name!r}. Register it under the name it writes.")
        return made
    plain, *models = wanted.split("+")
    with_models = _gathered(manager().hook.register_coders_with_models, "coder with models")
    if plain in with_models and models and all(models):
        return cast("Coder", with_models[plain](dossier, models))
    installed = ", ".join([*sorted(makers), *(f"{base}+MODEL" for base in sorted(with_models))])
    raise PluginError(
        f"no coder {wanted!r}. Installed: {installed or 'none'}. Name one, or leave `coder` out of dossier.toml."
    )
