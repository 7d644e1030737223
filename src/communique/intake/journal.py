"""How far a run has come, and what failed: two files of JSON Lines beside the ledger.

In: parts with the number of their items that are kept, failures. Out: where to go on, what to try again.
Must not know how items are had or read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from communique.errors import CommuniqueError
from communique.intake.sources import Part, is_address


def beside(ledger: Path, name: str) -> Path:
    """The path of a file of the intake beside a ledger: `news.ledger.progress.jsonl`."""
    return ledger.with_name(f"{ledger.name}.{name}.jsonl")


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a part has come: items kept, whether all, and the state of the file then."""

    done: int
    end: bool
    stamp: str


class Journal:
    """The progress of one run. A line follows each commit of the ledger, never precedes it: what a kill leaves between
    them is looked up in the ledger again, so that nothing is skipped."""

    def __init__(self, path: Path, sources: Sequence[str], *, resume: bool) -> None:
        self._path = path
        self._reached: dict[str, Reached] = {}
        if resume:
            self._reached = _read(path, sources)
        self._file: IO[str] = path.open("a" if self._reached else "w", encoding="utf-8")
        if not self._reached:
            self._line({"sources": list(sources)})

    def reached(self, part: Part) -> Reached:
        """How far a part came in the run that is resumed; not at all where its file has changed since."""
        found = self._reached.get(part.key)
        return found if found is not None and found.stamp == stamp(part) else Reached(0, False, "")

    def keep(self, part: Part, done: int, *, end: bool = False) -> None:
        """Note that so many items of a part are in the ledger."""
        self._line({"part": part.key, "done": done, "end": end, "stamp": stamp(part)})

    def _line(self, content: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(content, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self, *, finished: bool) -> None:
        """Close the file; a run that is finished leaves none."""
        self._file.close()
        if finished:
            self._path.unlink(missing_ok=True)


def stamp(part: Part) -> str:
    """The state of a part's file: size and time of change; nothing for an address."""
    if is_address(part.key):
        return ""
    try:
        state = os.stat(part.key)
    except OSError:
        return ""
    return f"{state.st_size} {state.st_mtime_ns}"


def _read(path: Path, sources: Sequence[str]) -> dict[str, Reached]:
    """The last line about each part; CommuniqueError where the run was another one."""
    found: dict[str, Reached] = {}
    for at, content in enumerate(lines(path)):
        if at == 0 and content.get("sources") != list(sources):
            raise CommuniqueError(
                "The run that was interrupted had other sources; give the same, or leave --resume out."
            )
        if "part" in content:
            found[content["part"]] = Reached(content["done"], content["end"], content["stamp"])
    return found


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON Lines; a line that a kill cut off is none."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            try:
                content = json.loads(line)
            except ValueError:
                continue
            if isinstance(content, dict):
                yield content


class Failures:
    """What failed, one line each, with what it takes to try it again; a file only where something did."""

    def __init__(self, path: Path, *, resume: bool = False) -> None:
        self.path = path
        self._file: IO[str] | None = None
        if not resume:
            path.unlink(missing_ok=True)

    def keep(self, part: Part, number: int, kind: str, message: str, origin: Mapping[str, Any]) -> None:
        """Note one failure."""
        if self._file is None:
            self._file = self.path.open("a", encoding="utf-8")
        url = origin.get("url") if part.kind in ("address", "xml", "sitemap") else None
        place = {"part": url or part.key, "kind": "address" if url else part.kind, "item": 1 if url else number}
        self._file.write(json.dumps({"failure": kind, "message": message, **place}, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def replace(self, other: Path) -> None:
        """Take the place of an older list: what is left of it after it was tried again."""
        if self.path.exists():
            os.replace(self.path, other)
        else:
            other.unlink(missing_ok=True)


def retried(path: Path) -> list[Part]:
    """The parts that a file of failures names, each with the items that failed."""
    wanted: dict[tuple[str, str], set[int]] = {}
    for content in lines(path):
        try:
            wanted.setdefault((content["part"], content["kind"]), set()).add(int(content["item"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CommuniqueError(f"{path} is no list of failures that an ingest wrote.") from error
    return [Part(key, kind, frozenset(numbers)) for (key, kind), numbers in wanted.items()]
