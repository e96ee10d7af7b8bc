"""The application: pages and their JSON, served from the ledger as it is now."""

from detente.web.server import application, run

__all__ = ["application", "run"]
