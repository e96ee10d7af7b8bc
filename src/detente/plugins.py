"""Hooks by which other packages add sources and coders; our own come through the same door.

A plugin is a module with functions marked `@hookimpl`, named under the entry-point group `detente`. Names carry a
version (`keyword.v1`), and a name taken twice is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import pluggy

from detente.errors import PluginError

if TYPE_CHECKING:
    from detente.coding.coder import Coder, CoderMaker
    from detente.dossier import Dossier

hookspec = pluggy.HookspecMarker("detente")
hookimpl = pluggy.HookimplMarker("detente")


class _Hooks:
    @hookspec
    def register_coders(self) -> Mapping[str, CoderMaker]:
        """Coders by versioned name: a function that makes one for a dossier."""
        raise NotImplementedError

    @hookspec
    def register_sources(self) -> Mapping[str, Callable[..., Any]]:
        """Readers by scheme (`archive`) or suffix (`.warc`).

        A function of what was named, the limits, and whether to follow a feed to its pages; it yields
        `detente.sources.Got` or an Issue.
        """
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


def coder(dossier: Dossier, name: str | None = None) -> Coder:
    """The coder of that name, or the dossier's own, made for the dossier.

    Raises:
        PluginError: No installed plugin offers it.
    """
    wanted = name or dossier.coder
    makers = coder_makers()
    if wanted not in makers:
        raise PluginError(f"no coder {wanted!r}. Installed: {', '.join(sorted(makers)) or 'none'}.")
    made = makers[wanted](dossier)
    if made.name.split("+")[0] != wanted:
        raise PluginError(f"coder {wanted!r} calls itself {made.name!r}. Register it under the name it writes.")
    return made
