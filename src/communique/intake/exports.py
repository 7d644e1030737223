"""Exports of press databases (Nexis, Factiva, wiso): many items in one file of text or XML.

In: lines or elements. Out: the fields of each item, with memory for one item at a time. The formats are data in
`exports.toml`. Must not know files, nor documents.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import IO, Any

from communique.errors import InputError
from communique.intake.xml import elements, local, text_of
from communique.press import published

LONGEST_ITEM = 5_000_000
"""Characters of one item; what is longer has lost its end."""
PARAGRAPHS = frozenset(("paragraph", "para", "p", "absatz"))

_SOURCE = re.compile(r"(.{2,80}?)(?:,? (?:Nr\. ?\d+,? ?)?(?:vom|from|,) ?|, (?=\d))(\d{1,2}\.\d{1,2}\.\d{4})")

Fields = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Form:
    """One text format: how its items are told apart, and what is read from the lines of one."""

    name: str
    sniff: re.Pattern[str]
    begin: re.Pattern[str] | None
    end: re.Pattern[str] | None
    data: Mapping[str, Any]
    read: Callable[[Form, Sequence[str]], Fields]

    @property
    def label(self) -> re.Pattern[str]:
        """Matches a line that begins with a label of the format, and its value."""
        return _labels(tuple(self.data["labels"]))


@lru_cache(maxsize=16)
def _labels(names: tuple[str, ...]) -> re.Pattern[str]:
    """Labels with a colon, or alone on their line."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"\s*({'|'.join(map(re.escape, longest)) or '(?!)'})(?:\s*:\s*(.*)|\s*)$")


@lru_cache(maxsize=1)
def _described() -> Mapping[str, Any]:
    return tomllib.loads((files("communique.intake") / "exports.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """The text formats, in the order in which they are tried."""
    kinds = (("codes", _coded), ("text", _labelled))
    return tuple(_form(data, read) for kind, read in kinds for data in _described()[kind])


def _form(data: Mapping[str, Any], read: Callable[[Form, Sequence[str]], Fields]) -> Form:
    begin, end = (re.compile(data[name]) if name in data else None for name in ("begin", "end"))
    return Form(data["name"], re.compile(data["sniff"], re.MULTILINE), begin, end, data, read)


def form_of(head: str) -> Form | None:
    """The format of a file that begins so; None for a file that is one text."""
    return next((form for form in forms() if form.sniff.search(head)), None)


def text_items(lines: Iterable[str], form: Form) -> Iterator[Fields | InputError]:
    """The fields of each item; an item without an end is an error among them."""
    for some in _split(lines, form):
        if isinstance(some, InputError):
            yield some
        else:
            yield form.read(form, some)


def _split(lines: Iterable[str], form: Form) -> Iterator[list[str] | InputError]:
    own: list[str] = []
    size = 0
    for line in lines:
        line = line.rstrip()
        begins = form.begin is not None and form.begin.match(line)
        ends = form.end is not None and form.end.match(line)
        if begins:
            yield from _whole(own, form)
            own, size = [], 0
            continue
        own.append(line)
        size += len(line)
        if ends or size > LONGEST_ITEM:
            yield from _whole(own, form) if ends else (InputError("An item has no end; the file is damaged."),)
            own, size = [], 0
    yield from _whole(own, form, cut=form.end is not None)


def _whole(own: list[str], form: Form, cut: bool = False) -> Iterator[list[str] | InputError]:
    """Lines that are an item; the cover in front of the first one, with a list of what follows, is none."""
    if not any(line.strip() for line in own):
        return
    if cut:
        yield InputError("The last item has no end; the file is cut off.")
    elif form.begin is None or any(form.label.match(line) for line in own):
        yield own


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Lines between blank ones, without their indents."""
    block: list[str] = []
    for line in chain(lines, ("",)):
        if line.strip():
            block.append(line.strip())
        elif block:
            yield block
            block = []


class _Sheet:
    """The blocks of an item on their way into fields: head, body, tail."""

    def __init__(self, form: Form) -> None:
        self.data, self.label = form.data, form.label
        self.leave = re.compile(form.data["leave"], re.IGNORECASE)
        self.fields: Fields = {}
        self.free = list(form.data["head"])
        self.body: list[str] = []
        self.place = "head"

    def put(self, block: list[str]) -> None:
        """Put one block where it belongs; labels may stand on each line of it."""
        if not any(self.label.match(line) for line in block):
            self._unlabelled(block)
            return
        label = ""
        for line in block:
            match = self.label.match(line)
            if match:
                label = match[1]
                self._turn(label)
                self._value(label, match[2] or "")
            else:
                self._value(label, line)

    def _turn(self, label: str) -> None:
        if label in self.data["tail"]:
            self.place = "tail"
        elif label in self.data["body"] and self.place == "head":
            self.place = "body"

    def _value(self, label: str, value: str) -> None:
        name = self.data["labels"].get(label, "")
        if name and value:
            self.fields[name] = " ".join(filter(None, (self.fields.get(name), value)))
        elif value and not label:
            self._unlabelled([value])
        elif value and label in self.data["body"] and not re.match(r"[\d.,]+ \w+$", value):
            self.body.append(value)

    def _unlabelled(self, block: list[str]) -> None:
        block = [line for line in block if not self.leave.match(line)]
        if not block or self.place == "tail":
            return
        if self.place == "head" and self.free and self._headed(block):
            return
        if self.place == "body" or not self.data["body"]:
            self.body.append(" ".join(block))

    def _headed(self, block: list[str]) -> bool:
        """Take a block for the next thing of the head; a day is known by itself, wherever it stands."""
        for line in block:
            if "published" in self.free and (found := day_of(line)):
                self.fields["published"] = found
                self.free.remove("published")
                return True
        rest = [name for name in self.free if name != "published"]
        if not rest:
            return False
        below = _counted(self.data, block)
        self.fields[rest[0]] = " ".join(block[: below or len(block)])
        self.free.remove(rest[0])
        if below:
            self._below(block[below:])
        elif rest[0] == "title" and rest[1:2] == ["publisher"] and len(block) > 1:
            # Title, outlet and day may stand on lines of one block.
            self.fields["title"], self.fields["publisher"] = " ".join(block[:-1]), block[-1]
            self.free.remove("publisher")
        return True

    def _below(self, lines: list[str]) -> None:
        """What stands below the number of words: the day, perhaps the hour, the outlet."""
        told = [line for line in lines if not re.match(r"\d{1,2}:\d{2}|[\d.,]+ \w+$", line)]
        for name, line in zip(self.data["below"], told, strict=False):
            self.fields[name] = day_of(line) if name == "published" else line


def _counted(data: Mapping[str, Any], block: Sequence[str]) -> int | None:
    """The line of a block that says the number of words, in formats that have one there."""
    pattern = data.get("counted")
    return next((at for at, line in enumerate(block) if at and pattern and re.match(pattern, line)), None)


def _labelled(form: Form, lines: Sequence[str]) -> Fields:
    sheet = _Sheet(form)
    own = None
    if form.end is not None and (match := form.end.match(lines[-1])):
        lines, own = lines[:-1], match[1] if match.re.groups else None
    for block in _blocks(lines):
        sheet.put(block)
    fields = {"id": own, **sheet.fields, "text": "\n\n".join(sheet.body)}
    if fields.get("language"):
        fields["language"] = re.split(r"[;,/]", fields["language"] or "")[0].strip()
    return _sourced(fields)


def _sourced(fields: Fields) -> Fields:
    """Outlet and day out of one line that says both ('Nordpost vom 04.07.2024, Nr. 3, S. 6')."""
    source = fields.pop("source", None)
    if source:
        match = _SOURCE.match(source)
        fields["publisher"] = fields.get("publisher") or (match[1] if match else source).strip(" ,")
        fields["published"] = fields.get("published") or (day_of(match[2]) if match else None)
    return fields


def _coded(form: Form, lines: Sequence[str]) -> Fields:
    """The fields of an item whose parts begin with codes."""
    code_line, labels = re.compile(form.data["code"]), form.data["labels"]
    parts: dict[str, list[str]] = {}
    code, own = "", None
    for line in lines:
        if form.end is not None and (match := form.end.match(line)):
            own = match[1]
        elif match := code_line.match(line):
            code = match[1]
            parts.setdefault(code, []).append(match[2] or "")
        else:
            parts.setdefault(code, []).append(line)
    fields: Fields = {labels[name]: " ".join(" ".join(some).split()) for name, some in parts.items() if name in labels}
    text = [" ".join(block) for name in form.data["text"] for block in _blocks(parts.get(name, ()))]
    day = day_of(fields.get("published") or "")
    return {**fields, "published": day, "id": own, "text": "\n\n".join(text)}


def day_of(line: str) -> str | None:
    """The day that a line begins with, whatever stands behind it.

    >>> day_of("July 4, 2024 Thursday"), day_of("Donnerstag 4. Juli 2024"), day_of("Nordpost")
    ('2024-07-04', '2024-07-04', None)
    """
    words = line.split()[:8]
    for end in range(len(words), 0, -1):
        found = published(" ".join(words[:end]).rstrip(","))
        if found and len(found) > len("2024"):
            return found
    return None


# XML


def xml_form(root: str, head: str) -> Mapping[str, Any] | None:
    """The XML format whose items are the root or appear in the beginning of the file."""
    for form in _described()["xml"]:
        names = "|".join(map(re.escape, form["items"]))
        if root in form["items"] or re.search(rf"<(?:[\w.-]+:)?(?:{names})[\s>]", head):
            return dict(form)
    return None


def xml_items(stream: IO[bytes], form: Mapping[str, Any]) -> Iterator[Fields]:
    """The fields of each item of an XML export."""
    for element in elements(stream, frozenset(form["items"])):
        fields: Fields = {name: _said(element, form[name]) for name in form if name not in ("name", "items", "text")}
        fields["published"] = day_of(fields.get("published") or "") or _compact(fields.get("published"))
        fields["text"] = "\n\n".join(_running(element, form["text"]))
        yield fields


def _compact(value: str | None) -> str | None:
    """A day without dashes: 20240704, 20240704T093000."""
    match = re.match(r"(\d{4})(\d{2})(\d{2})(?:T|$|\D)", value or "")
    return f"{match[1]}-{match[2]}-{match[3]}" if match else None


def _found(element: Any, path: str) -> Iterator[Any]:
    names = [f"{{*}}{name}" for name in path.split("/")]
    yield from element.iterfind(".//" + "/".join(names))


def _said(element: Any, paths: Sequence[str]) -> str | None:
    for path in paths:
        name, _, attribute = path.partition("@")
        for one in _found(element, name):
            value = one.get(attribute) if attribute else text_of(one)
            if value:
                return str(value)
    return None


def _running(element: Any, paths: Sequence[str]) -> Iterator[str]:
    """The paragraphs of the text; an element without paragraphs is one."""
    for path in paths:
        for one in _found(element, path):
            paragraphs = [text_of(part) for part in one.iter() if local(part) in PARAGRAPHS]
            yield from filter(None, paragraphs or [text_of(one)])
