"""A person who decides on every event there is and takes some of it back, while others file; started by the tests.

Usage: deciding.py ADDRESS NAME COUNT
"""

from __future__ import annotations

import sys

from detente.errors import LedgerError
from detente.ledger import Ledger


def main(address: str, name: str, count: str) -> int:
    made, known = 0, set()
    try:
        with Ledger.open(address) as ledger:
            while made < int(count):
                for entry in ledger.entries("event"):
                    if entry.id in known or made >= int(count):
                        continue
                    known.add(entry.id)
                    number = ledger.decide(entry.id, "accept", by=name, why=f"seen by {name}").seq
                    print("decided", number, flush=True)
                    made += 1
                    if made % 5 == 0:
                        print("decided", ledger.decide(entry.id, "undo", by=name, why="").seq, flush=True)
    except LedgerError as problem:
        print(problem, file=sys.stderr, flush=True)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
