"""The command line: `detente COMMAND`, see `detente --help`."""

from detente.cli.app import main

__all__ = ["main"]
