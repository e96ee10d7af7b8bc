"""Files documents and their codings into a ledger, saying each one when it is done; started by the tests.

Usage: filing.py PATH FIRST COUNT [--largest-file BYTES]
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ledger_examples import coding, document, event, statement

from detente.errors import LedgerError
from detente.ledger import Ledger

TEXT = "Delegations of Russia and the United States met in Istanbul. Report number {}. " + "They talked. " * 60


def main(path: str, first: str, count: str, *limit: str) -> int:
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[1]), int(limit[1])))
    print("starting", flush=True)
    try:
        with Ledger.open(path, create=True) as ledger:
            print("open", flush=True)
            for number in range(int(first), int(first) + int(count)):
                doc = document(f"d{number:05}", TEXT.format(number))
                ledger.add_document(doc, doc.text.encode())
                print("added", doc.id, flush=True)
                ledger.file(coding(doc, event(doc, end=60), statement(doc)))
                print("filed", doc.id, flush=True)
    except LedgerError as problem:
        print(problem, flush=True)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
