"""States, cities, institutions, people and dated offices, in French, English and Russian.

>>> from datetime import date
>>> registry = load()
>>> registry.state_name("RUS", "fr"), registry.alpha3("US")
('Russie', 'USA')
>>> registry.holder("foreign_minister", "RUS", date(2025, 2, 18)).name_in("en")
'Sergey Lavrov'
"""

from detente.registry.outlets import OWNERSHIPS, Outlet, outlet
from detente.registry.ranks import rank_on, ranks
from detente.registry.registry import Registry, load
from detente.registry.russian import inflect_ru
from detente.registry.states import State

__all__ = ["OWNERSHIPS", "Outlet", "Registry", "State", "inflect_ru", "load", "outlet", "rank_on", "ranks"]
