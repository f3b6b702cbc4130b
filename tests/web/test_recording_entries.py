"""Our record is corrected as was and is with a reason, retracted, and corroborated: never edited in place."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.web.browser import OWN_PAGE, Browser, entries, hidden_in, text_of
from tracker.tracker import Tracker
from tracker.web.app import make_app
from tracker.web.asking.database import Database

LEDGER = """
    party RUS aliases=Moscow at=2025-01-01T00:00:00Z
    party USA
    issue a/b
    issue goal form=quantity unit="USD bn"
    source dw 2019-12-11
    source tass 2019-12-12
    a: stated RUS a/b conditional 2019-12-01 speaker="Sergei Lavrov" source=dw quote="  Da,  da." if=verified;mutual
    stated USA goal 100..300 2019-12-01 red_line=yes
    milestone Summit 2019-12-09 parties=RUS
    """
CORRECTION, RETRACTION, SOURCE = (f"/record/{name}?entry=" for name in ("correction", "retraction", "corroboration"))
STATEMENT, AMOUNT, MILESTONE = "@7", "@8", "@9"


def last(url: str) -> dict[str, Any]:
    return entries(url)[-1].event.data()


def test_a_correction_shows_was_and_is_and_keeps_both(ann: Browser, url: str) -> None:
    typed = {"stance": "opposes", "conditions": "", "reason": "Misheard."}
    shown = ann.fill(f"{CORRECTION}{STATEMENT}", typed)
    table = text_of(shown.text.partition('class="was-is"')[2].partition("</table>")[0])
    assert "stance conditional opposes" in table
    assert "conditions verified; mutual (not given)" in table
    assert "on record for 1 Dec 2019 conditional -> opposes" in text_of(shown.text)
    kept = ann.fill(f"{CORRECTION}{STATEMENT}", typed, page=shown, action="save")
    assert (kept.status_code, kept.headers["location"]) == (303, "/record?recorded=10")
    assert "@10 correction of @7" in text_of(ann.get(kept.headers["location"]).text)
    *before, correction = entries(url)
    assert len(before) == 9
    assert (correction.recorded_by, correction.event.event_kind.name) == ("Ann É", "entry.corrected")
    data = correction.event.data()
    assert data["reason"] == "Misheard."
    assert data["replacement"]["stance"] == "opposes"
    assert "conditions" not in data["replacement"]
    assert data["replacement"]["quote"] == before[6].event.data()["quote"]


def test_what_is_left_as_it_was_is_no_change(ann: Browser, url: str) -> None:
    for entry in (STATEMENT, AMOUNT, MILESTONE, "@1", "@5"):
        page = ann.get(f"{CORRECTION}{entry}").text
        typed = dict(fields_on(page))
        refused = ann.fill(f"{CORRECTION}{entry}", {**typed, "reason": "None."})
        assert refused.status_code == 422
        assert "says that already: nothing differs" in text_of(refused.text), entry
    assert len(entries(url)) == 9


def fields_on(page: str) -> Iterator[tuple[str, str]]:
    """What a browser would send back of a form that nobody touched."""
    from html import unescape

    for part in page.partition('class="sheet"')[2].partition("</form>")[0].split(' id="field-')[1:]:
        name, _, rest = part.partition('"')
        if " value=" in rest.partition(">")[0]:
            yield name, unescape(rest.partition(' value="')[2].partition('"')[0])
        elif "<option" in rest.partition("</")[2][:9] or rest.partition(">")[2].startswith("<option"):
            yield name, unescape(rest.partition("<option selected>")[2].partition("<")[0].partition("</select>")[0])
        else:
            yield name, unescape(rest.partition(">")[2].partition("</textarea>")[0].removeprefix("\n"))


@pytest.mark.parametrize(
    ("entry", "typed", "changed"),
    [
        (AMOUNT, {"amount": ">=250"}, {"amount": {"at_least": "250"}}),
        (AMOUNT, {"red_line": "no"}, {"red_line": False}),
        (AMOUNT, {"red_line": ""}, {"red_line": None}),
        (STATEMENT, {"party": "United States"}, {"party": "USA"}),
        (STATEMENT, {"stated_on": "Dec 2019"}, {"stated_on": "2019-12"}),
        (STATEMENT, {"conditions": "mutual\nsigned"}, {"conditions": ["mutual", "signed"]}),
        (STATEMENT, {"conditions": "", "no_conditions": "yes"}, {"conditions": []}),
        (STATEMENT, {"ascribed_by": "USA"}, {"ascribed_by": "USA", "attribution": "ascribed"}),
        (STATEMENT, {"sequence": "3"}, {"sequence": 3}),
        (STATEMENT, {"source": "tass", "quote": "Net."}, {"source": "tass", "quote": "Net."}),
        (STATEMENT, {"addressed_to": "USA"}, {"addressed_to": ["USA"]}),
        (MILESTONE, {"on": "10 Dec 2019", "issues": "b"}, {"on": "2019-12-10", "issues": ["a/b"]}),
        ("@1", {"name": "Russia", "aliases": "Moscow\nKremlin"}, {"name": "Russia", "aliases": ["Moscow", "Kremlin"]}),
        ("@5", {"published_on": "2019-12-13"}, {"published_on": "2019-12-13"}),
    ],
    ids=str,
)
def test_every_kind_of_field_is_corrected(
    ann: Browser, url: str, entry: str, typed: dict[str, str], changed: dict[str, Any]
) -> None:
    was = entries(url)[int(entry[1:]) - 1].event.data()
    if typed.get("party") == "United States":
        ann.record("/record/party", {"party": "UKR", "name": "Ukraine"})
        with Tracker.open(url) as tracker:
            tracker.correct("@2", {"name": "United States"}, reason="Named.", by="x")
    assert ann.record(f"{CORRECTION}{entry}", {**typed, "reason": "Misread."}).status_code == 303
    expected = {**was, **changed}
    assert last(url)["replacement"] == {name: value for name, value in expected.items() if value is not None}
    with Tracker.open(url) as tracker:
        assert tracker.verify().sound


@pytest.mark.parametrize(
    ("entry", "typed", "field", "sentence"),
    [
        (STATEMENT, {"stance": "opposes"}, "reason", "is missing."),
        (STATEMENT, {"party": "Mosco", "reason": "x"}, "party", "No party 'Mosco' is registered"),
        (STATEMENT, {"stated_on": "soon", "reason": "x"}, "stated_on", "'soon'"),
        (STATEMENT, {"summary": "", "reason": "x"}, "summary", "is missing."),
        (STATEMENT, {"amount": "3", "reason": "x"}, "", "stance"),
        (AMOUNT, {"amount": "1,300", "reason": "x"}, "amount", "1,300"),
        (STATEMENT, {"answers": "@99", "reason": "x"}, "answers", "@99"),
        (STATEMENT, {"sequence": "two", "reason": "x"}, "sequence", "'two'"),
    ],
    ids=str,
)
def test_a_wrong_correction_is_refused_at_its_field(
    ann: Browser, url: str, entry: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    refused = ann.fill(f"{CORRECTION}{entry}", typed, action="save")
    assert refused.status_code == 422
    summary = refused.text.partition('id="wrong-title"')[2].partition("</div>")[0]
    assert sentence in text_of(summary)
    assert not field or f'href="#field-{field}"' in summary
    assert len(entries(url)) == 9


def test_a_correction_of_what_was_corrected_meanwhile_is_refused_and_shows_what_is_new(ann: Browser, url: str) -> None:
    page = ann.get(f"{CORRECTION}{STATEMENT}")
    with Tracker.open(url) as tracker:
        tracker.correct(STATEMENT, {"summary": "Bob's words."}, reason="Bob was here.", by="Bob")
    for action in ("check", "save"):
        stale = ann.fill(f"{CORRECTION}{STATEMENT}", {"stance": "opposes", "reason": "x"}, page=page, action=action)
        assert stale.status_code == 409
        assert "@7 2fbb8bd2" in text_of(stale.text) or "no longer counts: it was corrected" in text_of(stale.text)
        assert "@10 correction of @7 : Bob was here. recorded by Bob" in text_of(stale.text)
        assert 'href="/record/correction?entry=@10"' in stale.text
    assert len(entries(url)) == 10
    assert ann.record(f"{CORRECTION}@10", {"stance": "opposes", "reason": "x"}).status_code == 303


@pytest.mark.parametrize("form", [CORRECTION, RETRACTION])
def test_a_form_on_an_entry_whose_pair_was_touched_meanwhile_is_refused_and_shows_what_is_new(
    ann: Browser, url: str, form: str
) -> None:
    page, typed = ann.get(f"{form}{STATEMENT}"), {"stance": "opposes", "reason": "Misheard."}
    said = {"party": "RUS", "issue": "a/b", "stance": "neutral", "on": "2019-12-20", "summary": "Bob heard this."}
    ann.record("/record", said)
    stale = ann.fill(f"{form}{STATEMENT}", typed, page=page)
    assert stale.status_code == 409
    assert "RUS on a/b has an entry at @10, after the expected position 9." in text_of(stale.text)
    assert "@10 RUS a/b neutral on 2019-12-20 : Bob heard this." in text_of(stale.text)
    shown = ann.fill(f"{form}{STATEMENT}", typed, page=stale)
    assert ann.fill(f"{form}{STATEMENT}", typed, page=shown, action="save").status_code == 303


@pytest.mark.parametrize("form", [CORRECTION, SOURCE])
def test_what_is_sent_twice_is_recorded_once(ann: Browser, url: str, form: str) -> None:
    typed = {"stance": "opposes", "reason": "Misheard.", "source": "tass"}
    shown = ann.fill(f"{form}{STATEMENT}", typed)
    first, second = (ann.fill(f"{form}{STATEMENT}", typed, page=shown, action="save") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert len(entries(url)) == 10


def test_a_retraction_shows_what_follows_needs_a_reason_and_is_final(ann: Browser, url: str) -> None:
    refused = ann.fill(f"{RETRACTION}{STATEMENT}", {"reason": " "})
    assert refused.status_code == 422
    shown = ann.fill(f"{RETRACTION}{STATEMENT}", {"reason": "Never said."})
    assert "on record for 1 Dec 2019 conditional -> no stance" in text_of(shown.text)
    kept = ann.fill(f"{RETRACTION}{STATEMENT}", {"reason": "Never said."}, page=shown, action="save")
    assert kept.status_code == 303
    assert entries(url)[-1].event.event_kind.name == "entry.retracted"
    again = ann.fill(f"{RETRACTION}{STATEMENT}", {"reason": "Never said."}, page=shown, action="save")
    assert again.status_code == 409
    assert "was retracted" in text_of(again.text)
    for form in (CORRECTION, RETRACTION, SOURCE):
        assert ann.get(f"{form}@10").status_code == 200
    assert len(entries(url)) == 10


def test_a_retraction_that_others_rest_on_is_refused_with_the_command_lines_words(ann: Browser) -> None:
    refused = ann.fill(f"{RETRACTION}@1", {"reason": "x"})
    assert refused.status_code == 422
    assert "registers 'RUS', which entry" in text_of(refused.text)


def test_another_source_is_added_to_a_statement_alone(ann: Browser, url: str) -> None:
    typed = {"source": "tass", "quote": "Da.", "attribution": "direct", "note": "Same speech."}
    assert "statement.corroborated: @7, by tass" in text_of(ann.fill(f"{SOURCE}{STATEMENT}", typed).text)
    assert ann.record(f"{SOURCE}{STATEMENT}", typed).status_code == 303
    assert last(url)["source"] == "tass"
    for entry, more in ((STATEMENT, {"source": "dw"}), (STATEMENT, {}), (MILESTONE, typed)):
        refused = ann.fill(f"{SOURCE}{entry}", more)
        assert refused.status_code == 422
        assert "Nothing was recorded" in text_of(refused.text)


def test_the_page_of_an_entry_leads_to_what_can_be_recorded_about_it(ann: Browser, url: str) -> None:
    def offered(position: int, browser: Browser = ann) -> list[str]:
        page = browser.get(f"/entries/{position}").text
        return [form for form in (CORRECTION, RETRACTION, SOURCE) if f'href="{form}@{position}"' in page]

    assert offered(7) == [CORRECTION, RETRACTION, SOURCE]
    assert offered(9) == [CORRECTION, RETRACTION]
    ann.record(f"{RETRACTION}{STATEMENT}", {"reason": "Never said."})
    assert offered(7) == offered(10) == []
    database = Database(url)
    assert offered(9, Browser(make_app(database))) == []
    database.close()


def test_an_entry_that_is_not_on_record_has_no_form(ann: Browser) -> None:
    mark = hidden_in(ann.get("/record").text)
    for form, entry in product((CORRECTION, RETRACTION, SOURCE), ("@99", "x y", "", "<script>")):
        asked = ann.get(f"{form}{entry}")
        assert asked.status_code == 404
        assert "<script>" not in asked.text.partition("<main>")[2]
        assert ann.post(f"{form}{entry}", data=mark, headers=OWN_PAGE).status_code == 404
