"""Writing files whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from detente.errors import PublishError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write text (as UTF-8) or bytes; a file that was there stays whole until the new one is.

    Raises:
        PublishError: The place cannot be written to.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as handle:
            handle.write(content.encode() if isinstance(content, str) else content)
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise PublishError(f"{path}: cannot be written: {problem}. Free space or choose another place.") from problem
