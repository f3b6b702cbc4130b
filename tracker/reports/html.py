"""Answers as HTML: a page that fits any screen and A4; text from outside is escaped.

It stands alone, or in another `Shell`: the frame of a site, with its own head and foot around the same contents.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined

from tracker.domain.registers.registers import Registers
from tracker.domain.terms import numbers
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.scope import WHOLE_LIST
from tracker.domain.timeline.staleness import STALE_AFTER
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Value
from tracker.reports import conditions, steps, wording
from tracker.reports.agreement.brief import Brief, brief_of
from tracker.reports.agreement.data import ConsensusAnswer, ConvergenceAnswer, basis_of_answer
from tracker.reports.agreement.matrix import explanation_of, matrix_of, nobody_meets, pair_rows, tables_of, title_of
from tracker.reports.agreement.pairs import AgreementAnswer
from tracker.reports.agreement.series import series_of
from tracker.reports.answers import Fields, Rows
from tracker.reports.basis import basis_parts, filters
from tracker.reports.cell_notes import Note
from tracker.reports.names import Names
from tracker.reports.notes import Notes
from tracker.reports.positions import choices, details, outcomes
from tracker.reports.positions import values as positions
from tracker.reports.positions.choices import option_name
from tracker.reports.report import items, learned, options, relations
from tracker.reports.report.data import ReportAnswer
from tracker.reports.report.sections import counts_text, earlier_days_text, sections
from tracker.reports.state_answer import StateAnswer


def render_state(answer: StateAnswer, shell: "Shell | None" = None) -> str:
    """The state on a day: a table of issues by parties for each group of issues, closed issues below it."""
    state = answer.state

    def notes_on(cells: Iterable[Cell | None]) -> list[tuple[Note, str]]:
        some = [cell for cell in cells if cell is not None]
        found = [note for note in whole.notes(some, state.on) if note.parties or not answer.is_folded(some[0])]
        return [(note, option_of.get(note.issue, "")) for note in found]

    def quoting(cells: Iterable[Cell | None]) -> list[Cell]:
        return [cell for cell in cells if cell is not None and whole.is_quoting(cell)]

    whole, groups = answer.whole, list(answer.groups)
    numbers = [len(group.parties) for group in groups]
    option_of = {cell.row.issue: option_name(cell.row.issue, cell.choice) for cell in state.cells if cell.choice}
    return _page(
        shell,
        "state.html",
        answer=state,
        cut=answer.cut,
        silent=answer.silent,
        nobody=answer.nobody,
        names=_shown(answer.names, titles=answer.titles),
        signs=answer.signs,
        values=answer.values_in_matrix,
        stale_after=answer.stale_after,
        groups=groups,
        units=whole.units,
        own_issues=whole.own_issues,
        most_parties=MOST_PARTIES,
        has_stacked=any(number > MOST_PARTIES for number in numbers),
        most_columns=max((number for number in numbers if number <= MOST_PARTIES), default=0),
        marks=answer.marks,
        notes_on=notes_on,
        quoting=quoting,
        wide=answer.wide,
        has_gaps=answer.has_gaps,
        has_open_issues=answer.has_open_issues,
    )


MOST_PARTIES = 8
"""How many parties a table has columns for, so that none is cut off on A4.

Of more, each issue lists those with something on record.
"""


def render_report(answer: ReportAnswer, shell: "Shell | None" = None) -> str:
    """The change report as a brief to hand on, with its evidence in numbered notes."""
    found = sections(answer.report)
    return _page(
        shell,
        "report.html",
        answer=answer.report,
        names=_shown(answer.names, titles=answer.titles),
        signs=answer.signs,
        values=answer.values,
        sections=found,
        counts=counts_text(found, answer.report),
        earlier_days=earlier_days_text(answer.report),
    )


def render_page(answer: Rows | Fields, shell: "Shell | None" = None) -> str:
    """An answer that brings what its template shows."""
    shown = answer.document
    assert shown is not None
    contents: dict[str, Any] = {"answer": shown.basis, "names": shown.names or _NO_NAMES, "signs": shown.signs}
    if isinstance(answer, Rows):
        contents |= {"after": answer.after, "empty": answer.empty}
    return _page(shell, shown.template, **contents, cut=answer.cut, **shown.contents)


def render_consensus(answer: ConsensusAnswer, shell: "Shell | None" = None) -> str:
    """Who could agree on a day, as the words of every format."""
    on = answer.found.on
    brief = brief_of(answer.found, answer.shown_names, answer.contests)
    return _agreement(answer, brief, f"{wording.day_text(on)} (inclusive)", shell)


def render_convergence(answer: ConvergenceAnswer, shell: "Shell | None" = None) -> str:
    """Who could agree over time."""
    days = f"{wording.day_text(answer.found.from_day)} to {wording.day_text(answer.found.to_day)} (inclusive)"
    return _agreement(answer, series_of(answer.found, answer.shown_names), days, shell)


def render_agreement(answer: AgreementAnswer, shell: "Shell | None" = None) -> str:
    """How often parties agree: a matrix in tables that fit A4, or a list of every two."""
    found = answer.found
    headings, rows, cut = pair_rows(answer) if answer.as_rows else ((), [], "")
    matrix = None if answer.as_rows or not found.pairs else matrix_of(found)
    return _page(
        shell,
        "agreement.html",
        answer=answer.basis,
        names=_shown(answer.names, titles=answer.titles),
        cut=matrix.cut if matrix else cut,
        found=found,
        heading=title_of(found),
        explanation=explanation_of(found, as_rows=answer.as_rows) if found.pairs else nobody_meets(found),
        headings=headings,
        rows=rows,
        matrix=matrix,
        tables=tables_of(matrix) if matrix else [],
    )


def _agreement(answer: ConsensusAnswer | ConvergenceAnswer, brief: Brief, days: str, shell: "Shell | None") -> str:
    names = _shown(answer.names, titles=answer.titles)
    return _page(
        shell,
        "consensus.html",
        answer=basis_of_answer(answer.found),
        names=names,
        signs=brief.signs,
        brief=brief,
        days=days,
        cut=brief.cut,
    )


# --- the page -------------------------------------------------------------------------------------

_NO_NAMES = Registers({}, {}, {})


def _shown(names: Registers | None, *, titles: bool) -> Registers:
    """The registers that a page shows: without titles only the sources."""
    return (names if titles else Registers({}, {}, names.sources)) if names else _NO_NAMES


def _page(
    shell: "Shell | None",
    template: str,
    *,
    answer: Any,
    names: Registers,
    signs: str = "",
    values: Iterable[Value | None] = (),
    stale_after: int = STALE_AFTER,
    cut: str = "",
    after: str = "",
    **contents: Any,
) -> str:
    """Render a template: `signs` and `values` are those in the answer, for its legend."""
    shown = set(values)
    environment, around = shell or (_alone(), {})
    return environment.get_template(template).render(
        answer=answer,
        names=names,
        shown_names=Names(names),
        filters=tuple(filters(answer.scope, getattr(answer, "listing", WHOLE_LIST))),
        notes=Notes(),
        signs=[mark for mark in wording.MARKS if mark in signs],
        values=[value for value in positions.GLYPHS if value in shown],
        has_none=None in shown,
        stale_after=stale_after,
        cut=cut,
        after=after,
        print_foot=", ".join(basis_parts(answer)),
        **around,
        **contents,
    )


TEMPLATES = PackageLoader("tracker.reports")
"""The templates of answers; each fills the blocks of `base.html`. That stands in a `shell.html`: a site has its own."""


class Shell(NamedTuple):
    """What stands around an answer: an environment whose `shell.html` is the frame, and what the frame shows."""

    environment: Environment
    contents: Mapping[str, Any]


@cache
def _alone() -> Environment:
    return environment_of(TEMPLATES)


def environment_of(loader: BaseLoader) -> Environment:
    """An environment for templates that show answers: every value is escaped, and the wording is at hand."""
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # an upgrade beneath a server would put new templates in front of old code
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update({name: getattr(module, name) for module, names in _WORDING for name in names})
    return environment


_WORDING = (
    (wording, ("MARKS", "NO_STANCE", "WITHDRAWN", "affirmed", "age", "day_text", "how_stated")),
    (
        positions,
        (
            "EACH_FOR_ITSELF",
            "NONE",
            "bare_value_text",
            "glyph_of",
            "is_converted",
            "kind_text",
            "unit_heading",
            "value_class",
        ),
    ),
    (positions, ("KIND_SIGNS", "moved_by", "value_text")),
    (choices, ("option_name",)),
    (details, ("RED_LINE", "about_text", "details_text", "translation_text")),
    (
        wording,
        (
            "left_out",
            "stance_before",
            "stated_text",
            "statement_marks",
            "times",
            "voice",
            "web_address",
            "whose_words",
        ),
    ),
    (conditions, ("conditions_text",)),
    (numbers, ("counted",)),
    (steps, ("conditions_of", "inherited_text", "lapsed_text", "remarks_text", "since_text", "step_marks")),
    (items, ("closing_note", "outcome_text")),
    (outcomes, ("outcome_words",)),
    (learned, ("learned_text",)),
    (options, ("option_text",)),
    (relations, ("relation_text",)),
)


def _visible(value: object) -> object:
    """Make a printed value safe to show; markup comes from templates alone, where each part was made safe."""
    return value if hasattr(value, "__html__") else plain(str(value))
