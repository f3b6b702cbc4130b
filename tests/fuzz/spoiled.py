"""Input that went wrong: any JSON value where another should be, and files with bytes flipped, lost and moved."""

import json

from hypothesis import strategies as st

from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"
EVENTS = (GOLDEN / "events-v1.jsonl").read_bytes()
"""A valid file with an entry of every type, in its first version."""


def _one_of_every_type(lines: list[bytes]) -> bytes:
    """The lines that register something, one of every other type, and those that they name, in order."""
    by_id = {entry["id"]: entry for entry in map(json.loads, lines)}
    wanted: set[str] = set()
    types: set[str] = set()

    def want(event_id: str) -> None:
        wanted.add(event_id)
        data = by_id[event_id]["data"]
        for said in (data, data.get("replacement", {})):
            for named in ("target", "answers"):
                if said.get(named) in by_id:
                    want(said[named])

    for entry in by_id.values():
        if entry["type"].startswith(("party.reg", "issue.op", "source")) or entry["type"] not in types:
            types.add(entry["type"])
            want(entry["id"])
    return b"".join(line + b"\n" for line in lines if json.loads(line)["id"] in wanted)


NEWER = _one_of_every_type((GOLDEN / "events-v3.jsonl").read_bytes().splitlines())
"""A valid file with an entry of every type in every version."""

HOSTILE = (
    *("", " ", "\x00", "\x1b[31mred\x1b[0m", "\x9b31m", "\x07", "\u202eevil", "\u2028", "\ufeff", "\ud800", "\udcff"),
    *("x" * 10_001, "née — ✓", "𝟚𝟘𝟙𝟡", "<script>", "[red]x[/red]", "=1+1", "a\nb", "../..", "@1", "-1", "--db"),
)
PLAUSIBLE = (
    *("RUS", "USA", "Moscow", "RUS, USA", "arms/start", "start", "dw", "s", "supports", "conditional", "opposes"),
    *("2019", "2019-12", "2019-12-10", "2019-12-10~", "2019-02-30", "0000", "9999-12-31", "10000-01-01", "-0001"),
    *("2026-11-01T00:00:30.000000Z", "2016-12-31T23:59:60Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("300", "-0.5", "1e9", "1,300", "NaN", "5..1", ">=abc", "0" * 20, "\uff11", "high", "quantity", "choice", "fr"),
    *("2020-03-02/2020-03-05", "declines", "votes", "forum", "position.stated.v2"),
    *("asks", "remark", "formal", "direct", "ascribed", "agreed", "state", "party.registered.v1", "entry.retracted.v1"),
    *("d720e32d-4765-5177-b65b-42dd7f6e6445", "D720E32D-4765-5177-B65B-42DD7F6E6445", "2692bd62", "a" * 64),
)

texts = st.sampled_from(PLAUSIBLE) | st.sampled_from(HOSTILE) | st.text(max_size=12)
numbers = st.sampled_from((0, 1, -1, 2, 7.0, 1.5, 1e300, 2**53, 2**63, -(2**64), 10**400)) | st.integers() | st.floats()
atoms = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    atoms,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)

amounts = st.dictionaries(st.sampled_from(("at_least", "at_most", "unit")), texts | numbers, max_size=2)


@st.composite
def other_values(draw: st.DrawFn) -> bytes:
    """A valid file with any JSON value in place of a field, one field lost, or one field more."""
    lines = draw(st.sampled_from((EVENTS, NEWER))).splitlines()
    number = draw(st.integers(0, len(lines) - 1))
    entry = json.loads(lines[number])
    holder = entry["data"] if draw(st.integers(0, 3)) else entry
    if isinstance(holder.get("replacement"), dict) and draw(st.booleans()):
        holder = holder["replacement"]
    words = sorted(set(holder) & set(_WORDS))
    match draw(st.integers(0, 9)):
        case 0 | 1 | 2 | 3 if words:
            holder[draw(st.sampled_from(words))] = draw(texts)  # where almost any text will do
        case 4:
            holder.pop(draw(st.sampled_from(sorted(holder))))
        case _:
            holder[draw(st.sampled_from(sorted(holder)) | st.sampled_from(_MORE) | texts)] = draw(values | amounts)
    spelled = json.dumps(entry, ensure_ascii=draw(st.booleans())).encode(errors="surrogatepass")
    return b"\n".join([*lines[:number], spelled, *lines[number + 1 :], b""])


_WORDS = (
    *("summary", "name", "title", "question", "publisher", "reason", "speaker", "recordedby", "subject"),
    *("note", "provision", "stated_as", "translation", "unit"),
)
_MORE = (
    *("sequence", "conditions", "aliases", "act", "standing", "attribution", "ascribed_by", "quote", "speaker"),
    *("locator", "addressed_to", "on_behalf_of", "parties", "issues", "note", "url", "sha256", "origintime"),
    *("amount", "could_accept", "stated_as", "priority", "red_line", "reasons", "joint_with", "provision", "answers"),
    *("tags", "suggestion", "language", "translation", "leaves_position_of", "option", "form", "unit", "own", "type"),
)
_TOKENS = (
    *(b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\u0000", b"\\ud800", b"\x1b[2J"),
    *(b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"null", b"NaN", b"1e400", b"9" * 40, b"[" * 300, b"{}", b" "),
)


@st.composite
def damaged(draw: st.DrawFn, content: bytes | None = None) -> bytes:
    """The bytes of a file, by default a valid one: some flipped, put in, lost, doubled or moved, or its lines so."""
    if content is None:
        content = draw(st.sampled_from((EVENTS, NEWER)))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        match draw(st.sampled_from(("flip", "insert", "lose", "double", "cut", "move", *("line",) * 4))):
            case "flip" if start < len(content):
                other = bytes([content[start] ^ 1 << draw(st.integers(0, 7))])
                content = content[:start] + other + content[start + 1 :]
            case "insert":
                content = content[:start] + draw(st.sampled_from(_TOKENS) | st.binary(max_size=4)) + content[start:]
            case "lose":
                content = content[:start] + content[end:]
            case "double":
                content = content[:end] + content[start:]
            case "cut" if draw(st.booleans()):
                content = content[:start]
            case "move":
                part, rest = content[start:end], content[:start] + content[end:]
                place = draw(st.integers(0, len(rest)))
                content = rest[:place] + part + rest[place:]
            case "line":
                content = draw(_lines_moved(content))
    return content


@st.composite
def _lines_moved(draw: st.DrawFn, content: bytes) -> bytes:
    lines = content.split(b"\n")
    line = lines[draw(st.integers(0, len(lines) - 1))]
    if draw(st.booleans()):
        lines.remove(line)
    if draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), line)
    return b"\n".join(lines)
