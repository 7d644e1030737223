"""XML of strangers: parsed without entities, document types, network or unbounded depth.

In: bytes or a stream. Out: elements, one at a time where there are many. Must not know what they mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from communique.errors import InputError


class XmlError(InputError):
    """What is no XML, or more than is read of one."""


_SAFE: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "recover": True,
    "remove_comments": True, "remove_pis": True,
}  # fmt: skip


def parsed(data: bytes) -> Any:
    """The root element; small mistakes are passed over. XmlError for what is no XML."""
    etree = import_module("lxml.etree")

    try:
        root = etree.fromstring(data, etree.XMLParser(**_SAFE))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError(f"This is no XML ({error}).") from error
    if root is None:
        raise XmlError("This is no XML.")
    return root


def elements(stream: IO[bytes], names: frozenset[str]) -> Iterator[Any]:
    """The elements of these local names one by one, each forgotten when the next is asked for."""
    etree = import_module("lxml.etree")

    depth = 0
    try:
        for event, element in etree.iterparse(stream, events=("start", "end"), **_SAFE):
            if local(element) in names:
                depth += 1 if event == "start" else -1
                if event == "end" and depth == 0:
                    yield element
            if event == "end" and depth == 0:
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise XmlError(f"The XML breaks off ({error}).") from error


def _forget(element: Any) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def root_name(head: bytes) -> str:
    """The local name of the first element in the beginning of a file, or nothing."""
    etree = import_module("lxml.etree")

    parser = etree.XMLPullParser(events=("start",), **_SAFE)
    with suppress(etree.XMLSyntaxError):
        parser.feed(head)
    for _event, element in parser.read_events():
        return local(element)
    return ""


def local(element: Any) -> str:
    """An element's name without its namespace; nothing for what is no element."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def text_of(element: Any) -> str:
    """All text in an element on one line."""
    return " ".join("".join(element.itertext()).split())
