"""A text becomes codings: time expressions, names and roles, events, statements, realis, confidence."""

from detente.coding.coder import Coder, CoderMaker

__all__ = ["Coder", "CoderMaker"]
