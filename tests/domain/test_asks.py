"""What parties ask of each other, and what stances wait for."""

from datetime import date

from tests.ledger import entries, id_of
from tests.replayed import asking, state_cells, stated_in
from tracker.domain.answers.asks import Ask, asks, open_conditions
from tracker.domain.answers.who_speaks import BlocAnswers, OwnAnswers
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Outcome
from tracker.domain.timeline.circumstances import Circumstances, Closing
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.memberships import blocs_over_time
from tracker.domain.timeline.timelines import timelines

ON, EVERYTHING = date(2019, 12, 31), Scope()
ASK = "ask: stated USA x supports 2019-02-01 act=demands addressed_to=RUS,CHN\n"


def asked(text: str, scope: Scope = EVERYTHING, on: date = ON) -> list[Ask]:
    pairs = timelines(replay(entries("party RUS\nparty CHN\n" + text)), Scope(), up_to=on)
    steps = [step for timeline in pairs.by_pair.values() for step in timeline]
    return list(
        asks(
            asking(steps),
            OwnAnswers(stated_in(pairs, on)),
            scope,
            Circumstances({"x": Closing(ON, Outcome.AGREED)}),
            on,
        )
    )


def answer_to(ask: Ask) -> str | None:
    return ask.answer.event_id if ask.answer else None


def answers(text: str) -> list[str | None]:
    return [answer_to(ask) for ask in asked(ASK + text) if ask.to == "RUS"]


def test_an_ask_is_open_until_the_addressee_states_a_position_on_the_issue_or_tells_the_asker_one_below() -> None:
    assert answers("") == [None]
    assert answers("a: stated RUS x opposes 2019-03-01") == [id_of("a")]
    assert answers("a: stated RUS x/y opposes 2019-03-01 addressed_to=USA") == [id_of("a")]
    assert answers("a: stated RUS xy opposes 2019-03-01") == [None]
    assert answers("a: stated CHN x opposes 2019-03-01") == [None]
    assert answers("withdrawn RUS x 2019-03-01") == [None]


def test_only_a_later_statement_answers_and_the_first_one_does() -> None:
    assert answers("stated RUS x opposes 2019-01-31") == [None]
    assert answers("a: stated RUS x opposes 2019-02-01") == [id_of("a")]
    assert answers("b: stated RUS x opposes 2019-05-01\na: stated RUS x/y opposes 2019-03-01 addressed_to=USA") == [
        id_of("a")
    ]
    assert answers("stated RUS x opposes 2019-02-01 sequence=-1") == [None]


def test_what_is_inferred_or_told_to_others_below_the_issue_was_said_since_and_answers_nothing() -> None:
    for text in ("a: stated RUS x opposes 2019-03-01 attribution=inferred", "a: stated RUS x/y opposes 2019-03-01"):
        ask = next(ask for ask in asked(ASK + text) if ask.to == "RUS")
        assert ask.answer is None
        assert ask.first_since is not None
        since = ask.first_since
        assert (since.event_id, since.on, since.value) == (id_of("a"), date(2019, 3, 1), "opposes")
    both = text + "\nb: stated RUS x opposes 2019-04-01 attribution=reported"
    ask = next(ask for ask in asked(ASK + both) if ask.to == "RUS")
    assert ask.answer is not None
    assert (ask.answer.event_id, ask.answer.attribution, ask.first_since) == (id_of("b"), "reported", None)


def test_each_addressee_answers_for_itself() -> None:
    found = asked(ASK + "a: stated CHN x opposes 2019-03-01")
    assert [(ask.to, answer_to(ask), ask.answer and ask.answer.value) for ask in found] == [
        ("CHN", id_of("a"), "opposes"),
        ("RUS", None, None),
    ]
    assert {(ask.party, ask.statement.act, ask.statement.on) for ask in found} == {("USA", "demands", date(2019, 2, 1))}
    assert found[0].closed == Closing(ON, Outcome.AGREED)


def test_a_closing_ends_no_ask_that_was_made_after_it() -> None:
    statement = "stated USA x supports {} act=offers addressed_to=RUS"
    text = "\n".join(["party RUS", *(statement.format(day) for day in ("2019-02-01", "2019-02-03"))])
    pairs = timelines(replay(entries(text)), Scope(), up_to=ON)
    steps = [step for timeline in pairs.by_pair.values() for step in timeline]
    closed = Circumstances({"x": Closing(date(2019, 2, 2), Outcome.TERMINATED)})
    found = asks(asking(steps), OwnAnswers(stated_in(pairs, ON)), EVERYTHING, closed, ON)
    assert [ask.is_open for ask in found] == [False, True]
    closed = Circumstances({"x": Closing(date(2019, 2, 3), Outcome.TERMINATED)})
    assert not any(ask.is_open for ask in asks(asking(steps), OwnAnswers(stated_in(pairs, ON)), EVERYTHING, closed, ON))


def test_statements_that_ask_nothing_or_nobody_are_no_asks() -> None:
    assert asked("stated USA x supports 2019-02-01 act=warns addressed_to=RUS") == []
    assert asked("stated USA x supports 2019-02-01 act=demands") == []


def test_a_party_finds_what_it_asks_and_is_asked() -> None:
    assert [ask.to for ask in asked(ASK, Scope(frozenset({"USA"})))] == ["CHN", "RUS"]
    assert [ask.to for ask in asked(ASK, Scope(frozenset({"RUS"})))] == ["RUS"]
    assert asked(ASK, Scope(issues=frozenset({"z"}))) == []
    assert asked(ASK, on=date(2019, 1, 31)) == []


def inherited(text: str) -> list[tuple[str, str | None, str | None]]:
    history = replay(entries("party RUS\nparty CHN\nparty EUN\nparty DEU\n" + text))
    pairs = timelines(history, Scope(), up_to=ON)
    steps = [step for timeline in pairs.by_pair.values() for step in timeline]
    find = stated_in(pairs, ON)
    answering = BlocAnswers(find, find, blocs_over_time(history.counting, ON), pairs.by_pair, Circumstances())
    found = asks(asking(steps), answering, EVERYTHING, Circumstances(), ON)
    return [(ask.to, answer_to(ask), ask.first_since and ask.first_since.event_id) for ask in found]


ASK_DEU = "stated USA x supports 2019-02-01 act=demands addressed_to=DEU\n"


def test_a_bloc_answers_for_those_who_are_its_members_on_the_day_of_the_answer() -> None:
    answer = "a: stated EUN x supports 2019-04-01\n"
    left = ASK_DEU + answer + "started DEU EUN 2019-01-01\n"
    assert inherited(left + "ended DEU EUN 2019-05-01") == [("DEU", id_of("a"), None)]
    assert inherited(left + "ended DEU EUN 2019-04-02") == [("DEU", id_of("a"), None)]
    assert inherited(left + "ended DEU EUN 2019-04-01") == [("DEU", None, None)]
    assert inherited(ASK_DEU + answer + "started DEU EUN 2019-04-01") == [("DEU", id_of("a"), None)]
    assert inherited(ASK_DEU + answer + "started DEU EUN 2019-04-02") == [("DEU", None, None)]
    later = ASK_DEU + answer + "started DEU EUN 2019-04-02\nb: stated EUN x opposes 2019-06-01"
    assert inherited(later) == [("DEU", id_of("b"), None)]
    absent = left + "ended DEU EUN 2019-03-01\nstarted DEU EUN 2019-05-01\nb: stated EUN x opposes 2019-06-01"
    assert inherited(absent) == [("DEU", id_of("b"), None)]


def test_a_bloc_in_a_bloc_answers_while_the_whole_way_lasts() -> None:
    ways = ASK_DEU + "started DEU NATO 2019-01-01\nstarted NATO EUN 2019-01-01\na: stated EUN x supports 2019-04-01\n"
    assert inherited(ways) == [("DEU", id_of("a"), None)]
    assert inherited(ways + "ended NATO EUN 2019-03-01") == [("DEU", None, None)]


def test_a_member_answers_for_itself_alone_even_on_behalf_of_its_bloc() -> None:
    text = "stated USA x supports 2019-02-01 act=demands addressed_to=EUN,DEU\nstarted DEU EUN 2019-01-01\n"
    word = "a: stated DEU x supports 2019-03-01 on_behalf_of=EUN"
    assert inherited(text + word) == [("DEU", id_of("a"), None), ("EUN", None, None)]


def test_conditional_stances_and_stances_with_conditions_wait() -> None:
    text = """
        stated USA x conditional 2019-02-01 if=verified speaker=Ann
        stated USA x conditional 2019-05-01 speaker=Bob
        stated RUS x conditional 2019-02-01
        stated CHN x supports 2019-02-01 if=talks
        stated DEU x supports 2019-02-01
        """
    cells = tuple(state_cells(timelines(replay(entries(text)), Scope(), up_to=ON), Circumstances(), ON))
    rows = open_conditions(cells)
    assert [(row.held.party, row.held.conditions, row.named and row.named.on) for row in rows] == [
        ("CHN", ("talks",), date(2019, 2, 1)),
        ("RUS", (), None),
        ("USA", ("verified",), date(2019, 2, 1)),
    ]
    assert (rows[2].naming.speaker, rows[2].held.last_stated) == ("Ann", date(2019, 5, 1))
