"""Options that many commands share, and what they say as a filter.

In: what the user wrote. Out: a filter with codes for actors and ISO days. Must not ask the ledger.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from communique.ledger import Ledger
    from communique.ledger.rows import Filter

VARIABLE = "COMMUNIQUE_LEDGER"

LedgerFile = Annotated[
    Path | None, typer.Option("--ledger", envvar=VARIABLE, metavar="FILE", help="The ledger's file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON: one object per row, or one object.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV in UTF-8; formulas are defused.")]
German = Annotated[bool, typer.Option("--german", help="With --csv: as a German Excel opens it.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="As the ledger stood on a day.")]
OnDay = Annotated[str | None, typer.Option("--on", metavar="DAY", help="On this day (default: today).")]


@dataclass(frozen=True)
class Asked:
    """Which records are asked for, as the user wrote it."""

    actor: Annotated[
        list[str] | None, typer.Option("--actor", metavar="NAME", help="Takes part: code or name; repeat for several.")
    ] = None
    between: Annotated[
        tuple[str, str] | None, typer.Option("--between", metavar="A B", help="Between two actors, either way.")
    ] = None
    forward: Annotated[bool, typer.Option("--forward", help="With --between: only from A to B.")] = False
    type: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Type, form, kind or indicator; repeat.")
    ] = None
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="From this day, or 30d, 6m, 2y ago.")] = (
        None
    )
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Until this day, month or year.")] = None
    text: Annotated[
        str | None, typer.Option("--text", metavar="WORDS", help='Words of the evidence; "a phrase", begin*.')
    ] = None
    source: Annotated[list[str] | None, typer.Option("--source", metavar="OUTLET", help="Published by; repeat.")] = None
    language: Annotated[str | None, typer.Option("--language", metavar="CODE", help="Items in de or en.")] = None
    modality: Annotated[
        list[str] | None, typer.Option("--modality", metavar="WORD", help="Of events: actual, planned, denied, …")
    ] = None
    min_confidence: Annotated[float, typer.Option("--min-confidence", min=0.0, max=1.0, help="Not below.")] = 0.5
    origins: Annotated[
        int, typer.Option("--origins", metavar="N", min=1, help="From at least so many independent origins.")
    ] = 1
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="Rows at most; 0 for all.")] = 50
    after: Annotated[str | None, typer.Option("--after", metavar="PLACE", help="Go on where a page ended.")] = None


@dataclass(frozen=True)
class Output:
    """How answers are printed, of which ledger, as of when."""

    ledger: LedgerFile = None
    json: AsJson = False
    csv: AsCsv = False
    german: German = False
    as_of: AsOf = None

    def open(self) -> Ledger:
        """The ledger, for reading."""
        self._check()
        return opened(self.ledger)

    def open_concluded(self) -> AbstractContextManager[Ledger]:
        """The ledger with its conclusions as they stood."""
        self._check()
        return as_it_stood(self.ledger, self.as_of)

    def _check(self) -> None:
        if self.json and self.csv:
            raise CommuniqueError("--json and --csv are two outputs; give one of them.")
        if self.german and not self.csv:
            raise CommuniqueError("--german goes with --csv.")


Command = Callable[..., None]


def spread(command: Command) -> Command:
    """Give a command the options of each dataclass among its parameters, which it then gets filled in.

    So a dozen shared options are written once, and a command keeps a handful of parameters.
    """
    hints = get_type_hints(command, include_extras=True)
    own = inspect.signature(command).parameters
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}
    parameters: list[inspect.Parameter] = []
    for name, parameter in own.items():
        if name in groups:
            parameters.extend(_parameters(groups[name]))
        else:
            parameters.append(parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY))

    def run(**given: Any) -> None:
        filled = {name: kind(**{f.name: given.pop(f.name) for f in fields(kind)}) for name, kind in groups.items()}
        command(**given, **filled)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _parameters(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    made = []
    for one in fields(group):
        default = inspect.Parameter.empty if one.default is MISSING else one.default
        made.append(
            inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[one.name])
        )
    return made


def opened(path: Path | None, *, writing: bool = False, create: bool = False) -> Ledger:
    """An open ledger; CommuniqueError where none is named."""
    from communique.ledger import Ledger

    if path is None or not os.fspath(path).strip():
        raise CommuniqueError(f"No ledger is named; give --ledger FILE, or set {VARIABLE}.")
    return Ledger(path, readonly=not writing, create=create)


@contextmanager
def as_it_stood(path: Path | None, as_of: str | None) -> Iterator[Ledger]:
    """An open ledger, or what it was on a day where one is given; its conclusions are made anew for that day."""
    with opened(path) as ledger:
        if not as_of:
            yield ledger
            return
        from communique.ask import replay

        with replay.as_of(ledger, full_day(as_of, "--as-of")) as other:
            yield other


def wanted(asked: Asked, output: Output, kinds: tuple[str, ...]) -> Filter:
    """The filter that the options say; CommuniqueError, one sentence, where one of them says nothing."""
    from communique.ask.names import actor_name
    from communique.ledger.rows import Filter

    if asked.text is not None and not asked.text.strip():
        raise CommuniqueError("--text has no words.")
    if asked.forward and not asked.between:
        raise CommuniqueError("--forward goes with --between A B.")
    pair = asked.between and (actor_name(asked.between[0]), actor_name(asked.between[1]))
    return Filter(
        kinds=kinds,
        actors=tuple(actor_name(name) for name in asked.actor or ()),
        pair=pair or None,
        direction="forward" if asked.forward else "both",
        types=tuple(asked.type or ()),
        since=day(asked.since, "--since"),
        until=day(asked.until, "--until"),
        text=asked.text,
        outlets=tuple(asked.source or ()),
        language=_language(asked.language),
        min_confidence=asked.min_confidence,
        modality=tuple(asked.modality or ()),
        as_of=full_day(output.as_of, "--as-of") if output.as_of else None,
        limit=asked.limit or None,
        after=asked.after,
    )


def _language(name: str | None) -> str | None:
    from communique.press import language_code

    if name is None:
        return None
    code = language_code(name)
    if code is None:
        raise CommuniqueError(f"'{name}' is no language; give a code such as de or en.")
    return code


def day(text: str | None, option: str) -> str | None:
    """A day, month or year as ISO; '7d', '3m', '2y' are so long before today."""
    from communique.ask.days import read_day

    if text is None:
        return None
    found = read_day(text)
    if found is None:
        raise CommuniqueError(f"'{text}' is no day; give {option} as 2024-07-04 or 30d.")
    return found


def full_day(text: str | None, option: str) -> str:
    """A whole day as ISO, today by default."""
    from communique.ask.days import today

    found = day(text, option) or today()
    if len(found) != len("2024-07-04"):
        raise CommuniqueError(f"'{text}' is no whole day; give {option} as 2024-07-04.")
    return found
