"""What is remembered of addresses from one run to the next: validators, when they were asked, what a feed said.

In: facts about an address. Out: the last ones. A file of JSON Lines beside the ledger that is only ever added to, and
written anew at the first change of a run. Must not know what the facts are for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

FORGOTTEN = timedelta(days=180)
"""What no feed has named for so long is forgotten."""

Facts = Mapping[str, str]


class Memory:
    """Facts by address. Without a file they last as long as the process."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._facts: dict[str, Facts] = dict(_read(path)) if path is not None else {}
        self._file: IO[str] | None = None

    def of(self, url: str) -> Facts:
        """What is remembered of an address."""
        return self._facts.get(url, {})

    def keep(self, url: str, facts: Facts) -> None:
        """Remember facts of an address in place of those there were."""
        self._facts[url] = dict(facts)
        if self._path is not None and self._file is None:
            _write(self._path, self._facts)
            self._file = self._path.open("a", encoding="utf-8")
        elif self._file is not None:
            self._file.write(json.dumps({"url": url, **facts}, ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def _read(path: Path) -> Iterator[tuple[str, Facts]]:
    """The facts of a file; a line that a kill cut off is none."""
    if not path.exists():
        return
    oldest = (datetime.now(UTC) - FORGOTTEN).isoformat()
    with path.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            try:
                facts = json.loads(line)
                url = facts.pop("url")
            except (ValueError, KeyError, AttributeError, TypeError):
                continue
            if facts.get("retrieved", "~") >= oldest:
                yield url, facts


def _write(path: Path, facts: Mapping[str, Facts]) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as stream:
        for url, known in facts.items():
            stream.write(json.dumps({"url": url, **known}, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(part, path)
