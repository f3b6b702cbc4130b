"""Small event texts, so that a test's input reads like the record of an analyst.

One line per entry, in log order; `name:` in front lets later lines target it:

    source dw 2019-12-11
    a: stated RUS arms/start supports 2019-12-10 speaker=Lavrov source=dw if=verified;mutual
       withdrawn RUS arms/start 2019-12-20
    b: corrected a stance=opposes reason=Misread.
       corroborated b source=tass
       retracted b

A position may be an amount (`>=300`) or `-` for no figure, on an issue such as
`issue goal form=quantity unit="USD bn"`. Parties and issues are registered where they first occur. Entries are recorded
a minute apart from 2030 on, or `at=` an instant.
"""

import shlex
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from tracker.domain.log.entries import Draft, Entry
from tracker.domain.log.parsing import parse_event
from tracker.domain.terms.typed_amounts import read_amount
from tracker.domain.terms.vocabulary import Stance
from tracker.errors import TrackerError
from tracker.storage.log.prepared_entry import prepare
from tracker.storage.log.writer import Receipt, Writer

START = datetime(2030, 1, 1, tzinfo=UTC)
LISTS = ("parties", "issues", "aliases", "aliases_added", "addressed_to", "on_behalf_of", "joint_with", "tags")


def drafts(text: str) -> list[Draft]:
    """The entries of a ledger, before a log takes them."""
    return [
        Draft(parse_event(type_name, data), event_id, "analyst", time)
        for event_id, type_name, data, time in _events(text)
    ]


def append_all(log: Writer, drafts: Sequence[Draft]) -> list[Receipt | TrackerError]:
    """Append drafts to a log; a receipt or the refusal for each."""
    return list(log.append_each([prepare(draft) for draft in drafts]))


def entries(text: str) -> list[Entry]:
    """The entries of a ledger, as a log would hold them."""
    found = []
    for position, draft in enumerate(drafts(text), 1):
        assert draft.time is not None
        found.append(Entry(position, draft.id, draft.event, draft.time, draft.recorded_by))
    return found


def id_of(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


def _events(text: str) -> Iterator[tuple[str, str, dict[str, Any], datetime]]:
    data_of: dict[str, tuple[str, dict[str, Any]]] = {}
    known: set[str] = set()
    clock = START
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines()))):
        name, _, rest = line.partition(": ") if ": " in line.split(" ")[0] + " " else ("", "", line)
        verb, *words = shlex.split(rest)
        args = [word for word in words if "=" not in word or word[0] in "<>"]
        fields = _fields(dict(word.split("=", 1) for word in words if word not in args))
        clock = fields.pop("at", None) or clock + timedelta(minutes=1)
        for register, key in _mentioned(verb, args, fields):
            if key not in known:
                known.add(key)
                yield id_of(f"{register} {key}"), *_registration(register, key), clock
        event_id = id_of(name or f"line {number}")
        if verb in ("corrected", "retracted", "corroborated"):
            type_name, data = _targeting(verb, id_of(args[0]), fields, data_of)
        else:
            type_name, data = _simple(verb, args, fields)
        known |= {data[key] for key in ("party", "issue", "source") if type_name.startswith(f"{key}.")}
        if verb != "corrected":
            data_of[event_id] = (type_name, data)
        else:
            data_of[event_id] = (data_of[id_of(args[0])][0], data["replacement"])
        yield event_id, type_name, data, clock


def _fields(written: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(written)
    if "if" in fields:
        fields["conditions"] = [part for part in fields.pop("if").split(";") if part]
    if "sequence" in fields:
        fields["sequence"] = int(fields["sequence"])
    if "answers" in fields:
        fields["answers"] = id_of(fields["answers"])
    if "at" in fields:
        fields["at"] = datetime.fromisoformat(fields["at"])
    return {key: value.split(",") if key in LISTS else value for key, value in fields.items()}


def _mentioned(verb: str, args: list[str], fields: dict[str, Any]) -> list[tuple[str, str]]:
    if verb in ("stated", "withdrawn"):
        return [("party", args[0]), ("issue", args[1])]
    if verb in ("closed", "reopened", "reworded"):
        return [("issue", args[0])]
    if verb in ("started", "ended", "succeeded"):
        return [("party", args[0]), ("party", args[1])]
    found = [("party", fields["party"])] if verb == "corrected" and "party" in fields else []
    return [*found, *([("issue", fields["issue"])] if verb == "corrected" and "issue" in fields else [])]


def _registration(register: str, key: str) -> tuple[str, dict[str, Any]]:
    if register == "party":
        return "party.registered.v1", {"party": key, "name": f"Party {key}", "kind": "state"}
    return "issue.opened.v1", {"issue": key, "title": key, "question": f"Should {key} be?"}


def _simple(verb: str, args: list[str], fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    match verb, args:
        case "stated", [party, issue, stance, day]:
            data = {"party": party, "issue": issue, "stated_on": day, "summary": "Said so."} | fields
            return "position.stated.v2", _with_details(data | _value(stance))
        case "withdrawn", [party, issue, day]:
            return "position.withdrawn.v2", {"party": party, "issue": issue, "on": day, "summary": "Gone."} | fields
        case "source", [source, *day]:
            dated = {"published_on": day[0]} if day else {}
            return "source.registered.v1", {"source": source, "title": source, "publisher": "Press"} | dated | fields
        case "closed", [issue, day, outcome]:
            amount = {"amount": read_amount(fields.pop("amount")).data} if "amount" in fields else {}
            return "issue.closed.v2", {"issue": issue, "on": day, "outcome": outcome} | fields | amount
        case (("reopened" | "reworded"), [issue, day]):
            return f"issue.{verb}.v1", {"issue": issue, "on": day} | fields
        case "succeeded", [party, by, day]:
            return "party.succeeded.v1", {"party": party, "by": [by], "on": day} | fields
        case "milestone", [title, day]:
            version = "v2" if "category" in fields else "v1"
            return f"milestone.noted.{version}", {"title": title, "on": day} | fields
        case "party", [party]:
            return "party.registered.v1", {"party": party, "name": f"Party {party}", "kind": "state"} | fields
        case "updated", [party]:
            return "party.updated.v1", {"party": party} | fields
        case "issue", [issue]:
            own = {"own": fields.pop("own") == "yes"} if "own" in fields else {}
            return "issue.opened.v2", {"issue": issue, "title": issue, "question": f"Should {issue} be?"} | fields | own
        case (("started" | "ended"), [party, bloc, day]):
            version = "v1" if day.count("-") == 2 else "v2"
            return f"membership.{verb}.{version}", {"party": party, "bloc": bloc, "on": day} | fields
    raise AssertionError(f"no such line: {verb} {args}")


def _value(text: str) -> dict[str, Any]:
    if text == "-":
        return {}
    return {"stance": text} if text in {*Stance} else {"amount": read_amount(text).data}


def _with_details(data: dict[str, Any]) -> dict[str, Any]:
    """What else a statement says: ranges as they are typed, reasons apart by semicolons, a red line as yes or no."""
    read: dict[str, Callable[[str], Any]] = {
        "could_accept": lambda text: read_amount(text).data,
        "reasons": lambda text: text.split(";"),
        "red_line": lambda text: text == "yes",
    }
    return {name: read[name](value) if name in read else value for name, value in data.items()}


def _targeting(
    verb: str, target: str, fields: dict[str, Any], data_of: dict[str, tuple[str, dict[str, Any]]]
) -> tuple[str, dict[str, Any]]:
    if verb == "corroborated":
        return "statement.corroborated.v2", {"target": target} | fields
    reason = fields.pop("reason", "Never said." if verb == "retracted" else "We erred.")
    if verb == "retracted":
        return "entry.retracted.v1", {"target": target, "reason": reason}
    changed = data_of[target][1] | _with_details(fields)
    replacement = {key: value for key, value in changed.items() if value != "-"}
    return "entry.corrected.v1", {"target": target, "replacement": replacement, "reason": reason}
