"""A form shows what it would do, then keeps just that: the same words, refusals and entries as the command line's."""

import pytest
from click.testing import CliRunner

from tests.web.browser import Browser, entries, hidden_in, text_of
from tracker.cli import cli
from tracker.tracker import Tracker
from tracker.web.recording.row_forms import FORMS

LEDGER = """
    party RUS aliases=Moscow at=2025-01-01T00:00:00Z
    party USA
    party EUN kind=bloc
    issue a/b
    issue goal form=quantity unit="USD bn"
    issue coal form=choice
    issue coal/down
    issue coal/out
    source dw 2019-12-11
    a: stated RUS a/b opposes 2019-12-01 speaker="Sergei Lavrov" speaker_role="Foreign Minister" source=dw
    stated USA a/b supports 2019-12-01
    """
SAID = {"party": "Moscow", "issue": "b", "stance": "supports", "on": "10 Dec 2019", "summary": "Said so."}


def by_command(url: str, *arguments: str) -> tuple[str, str]:
    done = CliRunner().invoke(cli, ["--db", url, "--by", "Ann É", *arguments])
    return done.stdout, done.stderr


def refusals(page: str) -> str:
    """What stands at the top of a page on which nothing was recorded."""
    return text_of(page.partition('id="wrong-title"')[2].partition("</h2>")[2].partition("</div>")[0])


def test_a_statement_is_shown_then_kept_under_the_name_of_the_token(ann: Browser, url: str) -> None:
    before = len(entries(url))
    shown = ann.fill("/record", SAID)
    told = text_of(shown.text)
    assert "RUS a/b: opposes -> supports (reversed, 10 Dec 2019)" in told
    assert len(entries(url)) == before
    kept = ann.fill("/record", SAID, page=shown, action="save")
    assert kept.status_code == 303
    last = entries(url)[before:]
    assert [(one.recorded_by, one.event.data()) for one in last] == [
        (
            "Ann É",
            {"party": "RUS", "issue": "a/b", "stance": "supports", "stated_on": "2019-12-10", "summary": "Said so."},
        )
    ]
    done = ann.get(kept.headers["location"])
    assert f"Recorded @{last[0].position} RUS a/b supports on 2019-12-10" in text_of(done.text)


def test_what_it_would_do_is_told_in_the_words_of_the_command_line(ann: Browser, url: str) -> None:
    typed = {**SAID, "stance": "conditional", "language": "russian"}
    shown = text_of(ann.fill("/record", typed).text)
    options = ("--on", typed["on"], "--summary", typed["summary"], "--language", "russian", "--check")
    out, err = by_command(url, "record", "Moscow", "b", "conditional", *options)
    for line in (*out.splitlines(), *(line for line in err.splitlines() if line.startswith("Note: "))):
        assert " ".join(line.split()) in shown
    assert err.count("Note: ") == 3


WRONG: tuple[dict[str, str], ...] = (
    {**SAID, "party": "Mosco"},
    {**SAID, "issue": "c"},
    {**SAID, "stance": "maybe"},
    {**SAID, "on": "2019-13-01"},
    {**SAID, "on": "2040-01-01"},
    {**SAID, "source": "nowhere"},
    {**SAID, "issue": "goal"},
    {**SAID, "issue": "coal"},
    {**SAID, "stance": "", "amount": "300"},
    {**SAID, "issue": "goal", "stance": "", "amount": "1,300"},
    {**SAID, "act": "jumps"},
    {**SAID, "sequence": "1.5"},
    {**SAID, "quote": "x" * 2001},
    {**SAID, "answers": "@999"},
    {**SAID, "on": "2019-12-01", "stance": "opposes", "speaker": "Sergei Lavrov"},
    {"party": "RUS"},
    {},
)


def test_a_refusal_stands_at_the_top_and_leads_to_its_field(ann: Browser, url: str) -> None:
    before = len(entries(url))
    for typed in WRONG:
        refused = ann.fill("/record", typed, action="save")
        assert refused.status_code in (409, 422)
        assert "Nothing was recorded" in text_of(refused.text)
        assert refusals(refused.text)
        assert len(entries(url)) == before
        for target in refused.text.split('href="#field-')[1:]:
            name = target.partition('"')[0]
            assert f'id="field-{name}"' in refused.text
            assert f'id="wrong-{name}"' in refused.text
            assert f"wrong-{name}" in refused.text.partition(f'id="field-{name}"')[2].partition(">")[0]
        assert 'name="checked"' not in refused.text
        assert 'value="save"' not in refused.text


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ({**SAID, "party": "Mosco"}, ("Mosco", "b", "supports", "--on", "10 Dec 2019", "--summary", "Said so.")),
        (
            {**SAID, "source": "nowhere"},
            ("RUS", "b", "supports", "--on", "2019-12-10", "--summary", "x", "--source", "nowhere"),
        ),
        (
            {**SAID, "stance": "opposes", "on": "2019-12-01", "speaker": "Sergei Lavrov"},
            ("RUS", "b", "opposes", "--on", "2019-12-01", "--summary", "Said so.", "--speaker", "Sergei Lavrov"),
        ),
        ({**SAID, "issue": "goal"}, ("RUS", "goal", "supports", "--on", "2019-12-10", "--summary", "x")),
        ({**SAID, "on": "2040-01-01"}, ("RUS", "b", "supports", "--on", "2040-01-01", "--summary", "x")),
    ],
    ids=str,
)
def test_refusals_are_the_command_lines(
    ann: Browser, url: str, typed: dict[str, str], command: tuple[str, ...]
) -> None:
    shown = text_of(ann.fill("/record", typed).text)
    _, err = by_command(url, "record", *command)
    sentence = err.strip().removeprefix("Error: ").partition(" See `tracker record --help`")[0]
    field, colon, rest = sentence.partition(": ")
    sentence = rest if colon and field.isidentifier() else sentence
    assert " ".join(sentence.replace(f"tracker --db {url}", "tracker").split()) in shown


def test_what_was_typed_stays_and_is_inert(ann: Browser) -> None:
    hostile = "\"><script>alert(1)</script>\n'</textarea>{{ 7*7 }}\x1b[2J\u202eevil"
    typed = {**dict.fromkeys(("party", "issue", "on", "summary", "quote", "speaker", "tags", "stance"), hostile)}
    for path in ("/record", "/record/withdrawal", "/record/correction?entry=@10"):
        page = ann.fill(path, {**typed, "reason": hostile}).text
        assert "<script>alert" not in page
        assert "</textarea>{{ 7*7 }}" not in page
        assert "&lt;/textarea&gt;{{ 7*7 }}" in page
        assert "\x1b[2J" not in text_of(page.partition('id="wrong"')[2].partition("<form")[0])
        area = page.partition('<textarea id="field-summary"')[2].partition(">\n")[2].partition("</textarea>")[0]
        assert area.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">") == hostile


def test_hostile_names_on_record_complete_fields_and_do_nothing_else(ann: Browser) -> None:
    name = '"><script>alert(2)</script>'
    assert ann.record("/record/party", {"party": "EVL", "name": name}).status_code == 303
    page = ann.get("/record?recorded=12,x,999,-1,&party=EVL").text
    assert "<script>alert" not in page
    assert f'<option value="EVL">{"&#34;&gt;&lt;script&gt;"}' in page


def test_speakers_parties_issues_and_sources_on_record_complete_fields(ann: Browser) -> None:
    page = ann.get("/record").text
    for register, word, meaning in (
        ("parties", "RUS", "RUS"),
        ("issues", "a/b", "a/b"),
        ("sources", "dw", "dw"),
        ("speakers", "Sergei Lavrov", "Foreign Minister"),
        ("roles", "Foreign Minister", "Sergei Lavrov"),
    ):
        listed = page.partition(f'<datalist id="known-{register}">')[2].partition("</datalist>")[0]
        assert f'<option value="{word}">' in listed
        assert meaning in listed
        assert f'list="known-{register}"' in page


def test_a_save_of_what_was_not_shown_is_shown_first(ann: Browser, url: str) -> None:
    before, shown = len(entries(url)), ann.fill("/record", SAID)
    changed = ann.fill("/record", {**SAID, "stance": "neutral"}, page=shown, action="save")
    assert (changed.status_code, len(entries(url))) == (200, before)
    assert "opposes -> neutral" in text_of(changed.text)
    unseen = ann.fill("/record", SAID, action="save")
    assert (unseen.status_code, len(entries(url))) == (200, before)


def test_a_form_that_is_sent_twice_records_once(ann: Browser, url: str) -> None:
    before, shown = len(entries(url)), ann.fill("/record", {**SAID, "party": "RUS,USA"})
    first, second = (
        ann.fill("/record", {**SAID, "party": "RUS,USA"}, page=shown, action="save").headers["location"]
        for _ in range(2)
    )
    assert first == second == f"/record?recorded={before + 1},{before + 2}&on=10+Dec+2019"
    assert len(entries(url)) == before + 2


def test_the_same_form_with_other_words_is_another_entry(ann: Browser, url: str) -> None:
    shown = ann.fill("/record", SAID)
    ann.fill("/record", SAID, page=shown, action="save")
    again = ann.fill("/record", {**SAID, "summary": "Other words."}, page=shown, action="save")
    assert again.status_code == 409
    assert "looks like one on record" in text_of(again.text) or "has an entry at" in text_of(again.text)


def test_a_stale_form_is_refused_shows_what_is_new_and_goes_on_from_there(ann: Browser, url: str) -> None:
    page = ann.get("/record")
    with Tracker.open(url) as tracker:
        tracker.correct("@10", {"summary": "Bob was here."}, reason="Misread by Ann.", by="Bob")
    before = len(entries(url))
    for action in ("check", "save"):
        stale = ann.fill("/record", SAID, page=page, action=action)
        told = text_of(stale.text)
        assert (stale.status_code, len(entries(url))) == (409, before)
        assert f"RUS on a/b has an entry at @{before}, after the expected position {before - 1}." in told
        assert f"@{before} correction of @10 : Misread by Ann. recorded by Bob" in told
        assert '<a href="#news">RUS on a/b has an entry' in stale.text
        assert ' id="news"' in stale.text
    shown = ann.fill("/record", SAID, page=stale)
    assert shown.status_code == 200
    assert ann.fill("/record", SAID, page=shown, action="save").status_code == 303


def test_what_is_recorded_elsewhere_makes_no_form_stale(ann: Browser, url: str) -> None:
    page = ann.get("/record")
    ann.record("/record", {**SAID, "party": "USA"})
    assert ann.fill("/record", SAID, page=page).status_code == 200


def test_a_statement_that_may_be_on_record_is_kept_only_if_somebody_says_so(ann: Browser, url: str) -> None:
    again = {**SAID, "stance": "opposes", "on": "2019-12-01", "speaker": "Sergei Lavrov", "quote": "No."}
    alike = ann.fill("/record", again)
    assert alike.status_code == 409
    assert "looks like one on record, @10" in text_of(alike.text)
    assert 'href="/record/correction?entry=@10"' in alike.text
    assert 'href="/record/corroboration?entry=@10"' in alike.text
    assert ann.fill("/record", again, page=alike, action="save").status_code == 409
    shown = ann.fill("/record", again, page=alike, anyway="yes")
    assert shown.status_code == 200
    assert ann.fill("/record", again, page=shown, action="save", anyway="yes").status_code == 303


def test_while_one_types_only_what_came_of_it_is_sent(ann: Browser, url: str) -> None:
    page, before = ann.get("/record"), len(entries(url))
    live = ann.fill("/record", SAID, page=page, live="yes", action="save")
    assert (live.status_code, len(entries(url))) == (200, before)
    assert live.text.lstrip().startswith('<div id="outcome"')
    assert "opposes -> supports" in text_of(live.text)
    assert "autofocus" not in live.text  # which would take the pointer away from who types
    assert "autofocus" in ann.fill("/record", SAID).text.partition('value="save"')[2].partition(">")[0]
    assert hidden_in(f'class="sheet"{live.text}').keys() >= {"form_mark", "form_id", "seen", "checked"}
    kept = ann.post(
        "/record",
        data={**SAID, **hidden_in(f'class="sheet"{live.text}'), "action": "save"},
        headers={"Origin": "http://127.0.0.1:8421"},
    )
    assert kept.status_code == 303
    early = ann.fill("/record", {"party": "Mosco"}, live="yes")
    assert "Still needed: Issue, Said on, Summary, Stance." in text_of(early.text)
    assert "No party 'Mosco' is registered" in text_of(early.text)


@pytest.mark.parametrize(
    ("path", "typed", "type_name"),
    [
        ("/record", {**SAID, "issue": "goal", "stance": "", "amount": ">=300"}, "position.stated.v2"),
        ("/record", {**SAID, "issue": "goal", "stance": "", "act": "declines"}, "position.stated.v2"),
        (
            "/record",
            {**SAID, "issue": "coal", "stance": "", "options": "down=supports\nout=opposes"},
            "position.stated.v1",
        ),
        ("/record", {**SAID, "conditions": "verified\nmutual", "stance": "conditional"}, "position.stated.v1"),
        ("/record", {**SAID, "no_conditions": "yes", "red_line": "yes", "tags": "x, y"}, "position.stated.v2"),
        ("/record", {**SAID, "to": "USA", "act": "asks", "ascribed_by": "EUN", "sequence": "2"}, "position.stated.v1"),
        (
            "/record/withdrawal",
            {"party": "RUS", "issue": "b", "on": "2019-12", "summary": "Gone."},
            "position.withdrawn.v1",
        ),
        (
            "/record/milestone",
            {"title": "Summit", "on": "today", "parties": "RUS, USA", "issues": "b"},
            "milestone.noted.v1",
        ),
        (
            "/record/source",
            {"source": "tass", "title": "News", "publisher": "TASS", "published_on": "1 Dec 2019"},
            "source.registered.v1",
        ),
        ("/record/party", {"party": "CHN", "name": "China", "aliases": "Beijing\nPRC"}, "party.registered.v1"),
        ("/record/issue", {"issue": "new/one", "title": "One", "question": "Should it?"}, "issue.opened.v1"),
    ],
    ids=str,
)
def test_every_form_records_an_entry_of_its_kind(
    ann: Browser, url: str, path: str, typed: dict[str, str], type_name: str
) -> None:
    kept = ann.record(path, typed)
    assert (kept.status_code, kept.headers["location"].partition("?")[0]) == (303, path)
    assert entries(url)[-1].type.rpartition(".")[0] == type_name.rpartition(".")[0]
    with Tracker.open(url) as tracker:
        assert tracker.verify().sound


def test_every_form_has_a_label_for_each_control_and_one_id_of_a_name(ann: Browser) -> None:
    for form in (*(one.path for one in FORMS), "/record/correction?entry=@10", "/record/corroboration?entry=@10"):
        page = ann.get(form).text
        ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]
        assert len(ids) == len(set(ids)), form
        controls = [one for one in ids if one.startswith("field-")]
        assert controls
        assert all(f'<label for="{one}">' in page for one in controls)
        assert " style=" not in page
        assert "onclick" not in page
