"""What was computed before, kept in a dossier's `cache` folder, so that one new day does not cost the whole again.

Nothing rests on it: whoever reads it compares what it was computed from with what there is now, and computes anew where
they differ. A file that was damaged, cut short or written by other code is as good as none; the folder may be deleted.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]

_DIGEST = 32
_KEY = "key"


class Kept:
    """The cache of one dossier.

    Args:
        folder: The dossier's folder; nothing is made before something is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cache"

    def read(self, name: str, key: str) -> dict[str, NDArray[Any]] | None:
        """What was written under this name, if it is whole and was written with this key."""
        import numpy as np

        try:
            whole = (self.folder / name).read_bytes()
        except OSError:
            return None
        body = whole[_DIGEST:]
        if hashlib.sha256(body).digest() != whole[:_DIGEST]:
            return None
        with np.load(io.BytesIO(body), allow_pickle=False) as held:
            found = {each: held[each] for each in held.files}
        return found if found.pop(_KEY).tobytes() == key.encode() else None

    def write(self, name: str, key: str, arrays: Arrays) -> None:
        """Keep arrays; a folder that cannot be written to keeps nothing."""
        import numpy as np

        held: dict[str, Any] = {_KEY: np.frombuffer(key.encode(), np.uint8), **arrays}
        out = io.BytesIO()
        np.savez(out, **held)
        body = out.getvalue()
        # Whoever else keeps the same at this moment writes a file of its own, and the last to be done stays.
        beside = self.folder / f".{name}-{os.getpid()}-{threading.get_ident()}"
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            try:
                beside.write_bytes(hashlib.sha256(body).digest() + body)
                beside.replace(self.folder / name)
            finally:
                beside.unlink(missing_ok=True)

    def prune(self, beginning: str, most: int) -> None:
        """Drop the oldest of what is kept under names that begin so, but `most` of it."""
        found = []
        with suppress(OSError):
            for path in self.folder.glob(f"{beginning}*"):
                # Another process may have dropped it meanwhile.
                with suppress(OSError):
                    found.append((path.stat().st_mtime_ns, path))
        for _, path in sorted(found)[: max(len(found) - most, 0)]:
            with suppress(OSError):
                path.unlink()


def key_of(code: str, *more: object) -> str:
    """A key that changes with the code and what it depends on: the last bits of a number may.

    Args:
        code: `__file__` of the module that computes.
        more: What else it depends on, told apart by `repr`.
    """
    import numpy as np

    written = hashlib.sha256(Path(code).read_bytes()).hexdigest()
    return repr((written, np.__version__, platform.machine(), *more))
