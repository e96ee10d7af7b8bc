"""A plugin with a coder that does what a text tells it: die, raise, wait. It codes the one word it knows."""

import os
import re
import signal
import time
from pathlib import Path

from detente.codebook import VERSION
from detente.plugins import hookimpl
from detente.terms import Coding, Document, Event, Participant


class FrailCoder:
    name = "frail.v1"
    codebook = VERSION

    def __init__(self, dossier):
        self._sides = dossier.dyad.sides

    def code(self, document: Document) -> Coding:
        for order, what in re.findall(r"\[(\w+) ?([^\]]*)\]", document.text):
            if order == "wait":
                time.sleep(float(what))
            elif order == "raise":
                raise ValueError("half a character: \udc80")
            elif order == "mark":
                (Path(what) / document.id).touch()
            elif order == "die" or (order == "once" and _first(what)):
                os.kill(os.getpid(), signal.SIGKILL)
        actors = tuple(Participant(side, side, side) for side in self._sides)
        events = tuple(
            Event("CONSULT", "", actors, (), None, "happened", document.quote(*found.span()), 0.5)
            for found in re.finditer("talks", document.text)
        )
        return Coding(document.id, self.name, self.codebook, events=events)


def _first(mark: str) -> bool:
    try:
        Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@hookimpl
def register_coders():
    return {"frail.v1": FrailCoder}
