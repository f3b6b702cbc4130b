"""The questions that an address can ask, each by the function that the command line calls too."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.domain.terms.scope import Query
from tracker.errors import BadValue, Contradiction
from tracker.presenting import agreement, change_report, positions, registers
from tracker.presenting.presentation import Presentation
from tracker.web.asking.address import Address

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


class AnswerContent(NamedTuple):
    """The content of an answer, and the name by which `reports.formats` renders it."""

    answer: str
    content: Any


def presented(address: Address, snapshot: "Snapshot", query: Query, wanted: Presentation) -> AnswerContent:
    """Ask a snapshot what an address asks. Raises TrackerError."""
    return _ASKED[address.question](address, snapshot, query, wanted)


def formats_name(address: Address) -> str:
    """The name of an address's answer among those that have formats."""
    over_time = address.question == "consensus" and address.values["after"] is not None
    return "convergence" if over_time else formats_name_of(address.question)


def formats_name_of(question: str) -> str:
    """The name of a question's answer among those that have formats."""
    return _NAMES.get(question, question)


def query_of(address: Address, snapshot: "Snapshot") -> Query:
    """The filters and cut-offs of an address with its names resolved. Raises TrackerError for an unknown one."""
    filters = address.filters
    if address.question == "consensus" and address.values["of"] is not None:
        filters = replace(filters, parties=(address.values["of"],))
    return filters.query(snapshot)


_NAMES = {"find": "search", "explain": "explanation", "issue": "fields", "party": "fields", "entry": "fields"}

_Ask = Callable[[Address, "Snapshot", Query, Presentation], AnswerContent]


def _listing(present: Callable[..., Any]) -> _Ask:
    def ask(address: Address, snapshot: "Snapshot", query: Query, wanted: Presentation) -> AnswerContent:
        content = present(snapshot, query, wanted, listing=address.listing, **address.values)
        return AnswerContent(formats_name(address), content)

    return ask


def _search(address: Address, snapshot: "Snapshot", query: Query, wanted: Presentation) -> AnswerContent:
    words = address.values["text"]
    if words is None:
        raise BadValue("text: say the words to look for.")
    values = {name: value for name, value in address.values.items() if name != "text"}
    return AnswerContent(
        "search", positions.search(snapshot, query, wanted, words=words, listing=address.listing, **values)
    )


def _explanation(address: Address, snapshot: "Snapshot", query: Query, wanted: Presentation) -> AnswerContent:
    missing = [name for name in ("party", "issue") if address.values[name] is None]
    if missing:
        raise BadValue(f"Say {' and '.join(missing)}: an explanation is of one party on one issue.")
    return AnswerContent("explanation", positions.explanation(snapshot, query, wanted, **address.values))


def _report(address: Address, snapshot: "Snapshot", query: Query, wanted: Presentation) -> AnswerContent:
    values = dict(address.values)
    since = values["since"]
    if since is not None and not since.startswith("@"):
        raise Contradiction(
            "since: name the earlier report by its log position, as @120; a file stays on your machine."
        )
    values["after"] = change_report.first_day(
        values["after"], values["up_to"], including=values.pop("including"), since=since
    )
    found = change_report.report(snapshot, query, listing=address.listing, **values)
    return AnswerContent("report", change_report.presented(snapshot, found, wanted))


def _consensus(address: Address, snapshot: "Snapshot", query: Query, wanted: Presentation) -> AnswerContent:
    values = {name: value for name, value in address.values.items() if name != "of"}
    agreement.refuse_contradiction(values["on"], values["after"], values["up_to"], values["at"])
    if values["after"] is not None:
        del values["on"], values["at"]
        return AnswerContent("convergence", agreement.convergence(snapshot, query, wanted, **values))
    del values["after"], values["up_to"]
    return AnswerContent("consensus", agreement.consensus(snapshot, query, wanted, **values))


def _agreement(address: Address, snapshot: "Snapshot", query: Query, wanted: Presentation) -> AnswerContent:
    values = dict(address.values)
    agreement.refuse_contradiction(values["on"], values["after"], values["up_to"])
    on = values.pop("up_to") or values.pop("on")
    values.pop("on", None)
    return AnswerContent("agreement", agreement.agreement(snapshot, query, wanted, on, **values))


def _subject(find: Callable[..., registers.OnRecord]) -> _Ask:
    def ask(address: Address, snapshot: "Snapshot", query: Query, wanted: Presentation) -> AnswerContent:  # noqa: ARG001
        cutoffs = registers.cutoffs_of(snapshot, query)
        found = find(snapshot, address.values["name"], address.values["on"], cutoffs)
        return AnswerContent(formats_name(address), found.fields)

    return ask


_ASKED: Mapping[str, _Ask] = {
    "state": _listing(positions.state),
    "history": _listing(positions.history),
    "find": _search,
    "explain": _explanation,
    "asks": _listing(positions.asks),
    "conditions": _listing(positions.conditions),
    "report": _report,
    "consensus": _consensus,
    "agreement": _agreement,
    "issue": _subject(registers.issue),
    "party": _subject(registers.party),
    "entry": _subject(registers.entry),
}
