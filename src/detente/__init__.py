"""Follow how two states make up again: coded news, an index, an if-and-when, every number tied to its quote."""

__version__ = "0.1.0"
