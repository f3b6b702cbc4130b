"""Statements in rows: histories and searches; and what all rows with evidence share."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from tracker.domain.answers.changes import Change
from tracker.domain.answers.search import Search, SearchHit
from tracker.domain.timeline.statement import Statement
from tracker.reports.answers import MOST_CELLS, Document, Rows, columns_by_event_id, first_rows, row_by_event_id
from tracker.reports.basis import Basis, nothing_found
from tracker.reports.names import CODES, Names
from tracker.reports.positions.details import details_marks, quote_text, translation_text
from tracker.reports.positions.joint import joint_details, joint_rows, parties_text
from tracker.reports.positions.values import CONVERTED, is_converted, kind_text, moved_by, value_text
from tracker.reports.steps import (
    change_columns,
    change_data,
    conditions_of,
    inherited_text,
    lapsed_text,
    marked_stance,
    remarks_text,
    step_day,
    step_signs,
)
from tracker.reports.wording import day_text, earlier_text, stated_text, statement_marks, with_voice

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers

RowsWithEvidence = Iterable[Change | SearchHit | Statement]

# --- histories and searches -----------------------------------------------------------------------


def history_rows(changes: Iterable[Change], basis: Basis, *, inherits: bool = False) -> Rows:
    """The steps of pairs as they come, each with its effect on the stance."""
    return Rows(
        changes,
        change_columns(inherits=inherits),
        left_out_undated=basis.left_out_undated,
        as_row=change_data,
    )


def history_table(
    changes: Iterable[Change],
    basis: Basis,
    registers: "Registers | None" = None,
    *,
    titles: bool = True,
    inherits: bool = False,
) -> Rows:
    """The first steps of pairs for people, who see the pair if there are several, and whose each stance is."""
    names = Names(registers) if titles else CODES
    first = list(islice(changes, MOST_CELLS))
    pairs = {(change.issue, change.party) for change in first}
    is_one_pair = len(pairs) == 1
    about = " on ".join((names.party(first[0].party), names.issue(first[0].issue))) if is_one_pair else "History"
    headings = (*(() if is_one_pair else ("party", "issue")), "said", "stance", "step", "entry", "summary")
    shown, cut = first_rows(first, len(headings))
    told = joint_rows(shown, lambda change: (change.kind, change.from_value, change.party if is_one_pair else None))
    return Rows(
        found=shown,
        as_row=change_data,
        columns=change_columns(inherits=inherits),
        headings=headings,
        cells=(_change_cells(gathered, names, with_pair=not is_one_pair) for gathered in told),
        empty=nothing_found("Nothing is on record.", "Nothing on record", basis.scope, basis.listing),
        left_out_undated=basis.left_out_undated,
        cut=cut,
        title=f"{about}, up to {day_text(basis.on)}" if is_one_pair else f"{about} up to {day_text(basis.on)}",
        document=Document(
            basis,
            registers,
            signs="".join(map(step_signs, shown)),
            cites=cited(gathered[0] for gathered in told),
            template="history.html",
            contents={"changes": shown, "values": [change.to_value for change in shown]},
        ),
    )


def _change_cells(gathered: Sequence[Change], names: Names, *, with_pair: bool) -> tuple[str, ...]:
    change = gathered[0]
    pair = (parties_text(gathered, names), names.issue(change.issue)) if with_pair else ()
    words = inherited_text(change) + with_voice(change)
    words += f" {quote_text(change)}" if change.quote else ""
    for more in (
        moved_by(change),
        conditions_of(change),
        joint_details(gathered, change.unit, is_option=change.choice is not None),
        lapsed_text(change),
    ):
        words += f" ({more})" if more else ""
    words += f" ({wording})" if (wording := remarks_text(change)) else ""
    return (
        *pair,
        step_day(change),
        marked_stance(change),
        kind_text(change.kind, change.unit),
        f"@{change.position}",
        words,
    )


_HIT_HEADINGS = ("said", "party", "issue", "stance", "entry", "words")


def search_rows(
    search: Search,
    text: str,
    basis: Basis,
    registers: "Registers | None" = None,
    *,
    titles: bool = True,
) -> Rows:
    """The entries that hold a text, up to the day of `basis`; all of them if that is the last one there is."""
    names = Names(registers) if titles else CODES
    shown, cut = first_rows(search.found, len(_HIT_HEADINGS))
    told = joint_rows(shown, lambda hit: (hit.found_in, hit.passage))
    return Rows(
        found=search.found,
        as_row=row_by_event_id,
        columns=columns_by_event_id(SearchHit),
        headings=_HIT_HEADINGS,
        cells=(_hit_cells(gathered, names) for gathered in told),
        empty=nothing_found(
            f"Nothing on record holds {text!r}.",
            f"Nothing on record that holds {text!r}",
            basis.scope,
            basis.listing,
        ),
        left_out_undated=search.left_out_undated,
        after=f"The best {len(search.found):,} hits; name more words, or more with --limit." if search.has_more else "",
        cut=cut,
        title=f"Entries that hold {text!r}" + ("" if basis.on == date.max else f", up to {day_text(basis.on)}"),
        document=Document(
            basis, registers, signs="".join(map(_all_signs, shown)), cites=cited(gathered[0] for gathered in told)
        ),
    )


def _hit_cells(gathered: Sequence[SearchHit], names: Names) -> tuple[str, ...]:
    row = gathered[0]
    day = stated_text(row.stated_on or row.on.isoformat()) if row.on else ""
    party = parties_text(gathered, names)
    about = names.issue(row.issue) if row.issue else row.source or ""
    stance = "" if row.value is None else stance_with_marks(row)
    besides = joint_details(gathered, row.unit)
    words = _words(row) + (f" ({besides})" if besides else "") + earlier_text(row.value, reworded=row.reworded)
    return (day, party, about, stance, f"@{row.position}", words)


def _words(row: SearchHit) -> str:
    """What the entry says and who said it, or where else in it the words were found; a further source says so."""
    summary = with_voice(row)
    if row.found_in == "summary" or row.passage in row.summary:
        words = f"{summary} {quote_text(row)}" if row.quote else summary
    elif row.found_in == "quote":
        words = f"{summary} “{row.passage}”{translation_text(row.details)}"
    else:
        words = f"{summary} [{row.found_in.replace('_', ' ')}: {row.passage}]"
    return f"also in {row.source}: {words}" if row.kind == "corroboration" else words


def stance_with_marks(row: SearchHit) -> str:
    """Return a stance with the marks of its statement."""
    value = "" if row.value is None else value_text(row.value, row.unit, converted=is_converted(row.statement))
    return f"{value}{signs_of(row)}"


def signs_of(row: SearchHit) -> str:
    """Return the marks of a row's statement."""
    marks = statement_marks(row.attribution, row.standing) if row.attribution else ""
    return details_marks(row.statement) + marks


def _all_signs(row: SearchHit) -> str:
    """Return the marks of a row's statement, and the sign of a converted amount, for the legend."""
    return signs_of(row) + CONVERTED * is_converted(row.statement)


def cited(rows: RowsWithEvidence) -> list[tuple[str | None, str]]:
    """Return the source and the event id of each row."""
    return [(row.source, row.event_id) for row in rows]
