"""Commands that ask for records: events, statements, figures, timeline, person, story, why.

In: arguments. Out: tables, JSON or CSV. Must not hold any logic about records.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from communique.commands.options import AsJson, Asked, AsOf, LedgerFile, Output, as_it_stood, opened, spread, wanted
from communique.commands.printing import (
    NOTHING,
    counted,
    print_csv,
    print_object,
    print_rows,
    print_table,
    say,
    show,
    terminal,
    write,
)

if TYPE_CHECKING:
    from communique.ask.told import Page
    from communique.ledger.rows import Filter

EVERYTHING = ("event", "statement", "commitment", "figure")
Who = Annotated[str, typer.Argument(metavar="ACTOR", help="A code or name.")]


@spread
def events(asked: Asked, output: Output) -> None:
    """Who did what to whom, with words and independent origins."""
    _records(asked, output, ("event",))


@spread
def statements(asked: Asked, output: Output) -> None:
    """Who said what, by day, with words and independent origins."""
    _records(asked, output, ("statement",))


@spread
def timeline(one: Who, other: Who, asked: Asked, output: Output) -> None:
    """Everything between two actors by day, each story once."""
    _records(replace(asked, between=(one, other)), output, EVERYTHING, once=True)


def _records(asked: Asked, output: Output, kinds: tuple[str, ...], *, once: bool = False) -> None:
    with output.open() as ledger:
        from communique.ask.told import COLUMNS, once_each, records
        from communique.commands import showing

        asking = wanted(asked, output, kinds)
        page = records(ledger, asking, asked.origins)
        page = once_each(page) if once else page
        _hint(asking, page)
        print_rows(page.rows, COLUMNS, output, showing.told)
        _more(page)


def _hint(asking: Filter, page: Page) -> None:
    """Where nothing was found and a name is nobody's, say so."""
    from communique.ask.names import unknown

    if not page.rows:
        for name in (*asking.actors, *(asking.pair or ())):
            if unknown(name):
                say(f"'{name}' is not in the knowledge; try another spelling, or a code such as KAZ.")


def _more(page: Page) -> None:
    if page.after is not None:
        say(f"There is more: --after {page.after}")


@spread
def figures(
    asked: Asked,
    output: Output,
    words: Annotated[str | None, typer.Argument(metavar="WORDS", help='Of what: "bilateral trade".')] = None,
) -> None:
    """Figures over time: who claims what, and who contradicts."""
    with output.open() as ledger:
        from communique.ask.columns import plain
        from communique.ask.figures import CLAIM_COLUMNS, rows
        from communique.ask.figures import figures as ask
        from communique.ask.told import as_dict, tell
        from communique.commands import showing

        found = ask(ledger, wanted(asked, output, ("figure",)), words, asked.origins)
        alone = tell(ledger, found.alone, output.as_of)
        if output.json:
            for one in found.series:
                print_object(plain(one))
            for each in alone:
                print_object(as_dict(each))
        elif output.csv:
            print_csv(rows(found.series), CLAIM_COLUMNS, german=output.german)
        else:
            for head, claims in map(showing.series, found.series):
                show(terminal(), [head])
                print_table(claims)
            if alone:
                print_table(showing.told(each) for each in alone)
        if not (found.series or alone):
            say("Nothing in the ledger fits.")
            raise typer.Exit(NOTHING)
        if found.more:
            say("There is more; narrow the question, or raise --limit.")


@spread
def person(
    name: Annotated[str, typer.Argument(metavar="PERSON", help="Name, surname, or the knowledge's id.")],
    asked: Asked,
    output: Output,
) -> None:
    """What somebody said, did and promised, and in which office."""
    with output.open() as ledger:
        from communique.ask.columns import plain
        from communique.ask.persons import COLUMNS
        from communique.ask.persons import person as ask
        from communique.commands import showing

        found = ask(ledger, name, wanted(asked, output, EVERYTHING), asked.origins)
        if output.json:
            said = [{"office": s.office, "state": s.state, **_plain_told(s.told)} for s in found.said]
            print_object({"id": found.id, "name": found.name, "offices": plain(found.offices), "said": said})
        elif not output.csv and (found.said or found.offices):
            show(terminal(), showing.person(found))
        if not (output.json and found.said):
            print_rows(found.said, COLUMNS, replace(output, json=False), showing.said)
        if found.after is not None:
            say(f"There is more: --after {found.after}")


def _plain_told(told: object) -> dict[str, object]:
    from communique.ask.told import Told, as_dict

    assert isinstance(told, Told)
    return as_dict(told)


def story(
    id: Annotated[
        str, typer.Argument(metavar="STORY", help="Id of a story or of a record of it; its beginning will do.")
    ],
    ledger: LedgerFile = None,
    json: AsJson = False,
    as_of: AsOf = None,
) -> None:
    """Who reports one event, and where the reports differ."""
    with as_it_stood(ledger, as_of) as known:
        from communique.ask.stories import as_object
        from communique.ask.stories import story as ask
        from communique.commands import showing

        found = ask(known, id)
        if json:
            print_object(as_object(found))
            return
        show(terminal(), showing.story(found))
        print_table(showing.report(each) for each in found.reports)


def why(
    id: Annotated[str, typer.Argument(metavar="RECORD", help="Id of a record, or its beginning.")],
    ledger: LedgerFile = None,
    json: AsJson = False,
) -> None:
    """Why a record is there: its sentence, links, judgements."""
    with opened(ledger) as known:
        from communique.ask.why import as_object
        from communique.ask.why import why as ask
        from communique.commands import showing

        found = ask(known, id)
        if json:
            print_object(as_object(found))
        else:
            show(terminal(), showing.why(found))


def stats(ledger: LedgerFile = None, json: AsJson = False) -> None:
    """What the ledger holds, in numbers."""
    with opened(ledger) as known:
        from communique.ask.stats import stats as ask
        from communique.summary import plain

        found = ask(known)
        if json:
            print_object(found)
            return
        for name, number in found["counts"].items():
            write(f"{number:>12,}  {name if name.endswith('s') else name + 's'}\n")
        write(f"{found['since'] or '?'} to {found['until'] or '?'}, {counted(len(found['outlets']), 'outlet')}:\n")
        for outlet, number in list(found["outlets"].items())[:20]:
            write(f"{number:>12,}  {plain(outlet)}\n")
