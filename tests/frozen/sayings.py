"""What an entry of a made-up log says, by chance, for every kind of entry.

Nothing of the tracker is imported, so that a change in it cannot change what it is asked about.
"""

from collections.abc import Callable

from tests.frozen.log import (
    ACTS,
    AMOUNTS,
    BLOCS,
    ISSUES,
    OPTIONS,
    OUTCOMES,
    PARTIES,
    QUANTITIES,
    STANCES,
    Data,
    Log,
    id_of,
)


def statement(log: Log) -> Data:
    conditions = log.random.choice(([], ["it is *verified*"], ["mutual", "née — ✓ | first"], [log.text()]))
    address = log.how.get("address", 0.25)
    return {
        **log.pair(),
        "stance": log.random.choice(STANCES),
        "stated_on": log.date(),
        "summary": log.text(),
        **log.maybe(
            0.35,
            act=log.random.choice(log.how.get("acts", ACTS)),
            standing=log.random.choice(("formal", "official", "remark")),
            conditions=conditions,
            on_behalf_of=log.parties(),
            sequence=log.random.randrange(-2, 3),
        ),
        **log.maybe(address, addressed_to=log.parties()),
        **log.evidence(),
    }


def amount(log: Log) -> Data:
    """A statement on a quantity: an amount, or none by an act that names none."""
    said = {name: value for name, value in statement(log).items() if name != "stance"}
    said |= {"issue": log.random.choice(QUANTITIES)} | _more(log)
    if log.random.random() < 0.15:
        return said | {"act": log.random.choice(("declines", "rejects", "abstains", "reserves"))}
    amount = log.random.choice(AMOUNTS)
    wider = {"at_least": "-100000"} if "at_least" in amount else {"at_most": "99999"}
    return said | {"amount": amount} | log.maybe(0.3, could_accept=wider, stated_as="un *peu*")


def _more(log: Log) -> Data:
    """What a statement may say besides its position."""
    said = log.maybe(
        0.3,
        priority=log.random.choice(("low", "medium", "high")),
        red_line=log.random.random() < 0.7,
        reasons=[log.text()],
        provision="Art. 4 | (b)",
        note=log.text(),
        tags=["*night*", "a/b"],
        language="fr",
        translation=log.text(),
    )
    if log.random.random() < 0.2:
        said["stated_on"] = log.random.choice(("2020-03-02/2020-03-05", "2020-03-01/2020-03-12"))
    return said


def answering(log: Log) -> Data:
    """The ask that a statement answers, and the suggestion that it accepts."""
    asks = [last for last, _, data in log.counting.values() if data.get("act") in ACTS[:4]]
    answers = {"answers": id_of(log.random.choice(asks))} if asks and log.random.random() < 0.4 else {}
    return answers | log.maybe(0.1, suggestion=id_of(10**6))


def said(log: Log) -> Data:
    """A statement on a question, or an option of a choice, with all that it may say."""
    said = statement(log) | _more(log)
    if log.random.random() < 0.6:
        said["issue"] = log.random.choice(OPTIONS)
    if log.random.random() < 0.3:
        said |= {"joint_with": [said["party"], *(party for party in PARTIES[:2] if party != said["party"])]}
    return said | log.maybe(0.3, act=log.random.choice(("votes", "abstains", "cosponsors", "dissociates")))


def leaving(log: Log) -> Data:
    issue = log.maybe(0.6, issue=log.random.choice((*OPTIONS, *QUANTITIES)))
    return {**withdrawal(log), **issue, **log.maybe(0.8, leaves_position_of=log.random.choice(BLOCS), language="de")}


def withdrawal(log: Log) -> Data:
    return {**log.pair(), "on": log.date(), "summary": log.text(), **log.maybe(0.3, sequence=1), **log.evidence()}


def milestone(log: Log) -> Data:
    about = log.maybe(0.5, parties=log.parties(), issues=log.random.sample(ISSUES, 2))
    return {"on": log.day(), "title": log.text(), **about, **log.evidence()}


def closing(log: Log) -> Data:
    said = log.maybe(0.5, parties=log.parties(), note=log.text())
    about = {"issue": log.pair()["issue"], "on": log.day(), "outcome": log.random.choice(OUTCOMES)}
    return {**about, **said, **log.evidence()}


def rewording(log: Log) -> Data:
    return {"issue": log.pair()["issue"], "on": log.day(), **log.maybe(0.7, title=log.text(), question=log.text())}


def membership(log: Log) -> Data:
    return {"party": log.random.choice(PARTIES), "bloc": log.random.choice(BLOCS), "on": log.day(), **log.evidence()}


def update(log: Log) -> Data:
    alias = f"Alias {len(log.entries)} *é*"
    return {"party": log.random.choice(PARTIES), **log.maybe(0.6, name=f"New {alias}", aliases_added=[alias])}


TOGETHER = ("issue", "amount", "could_accept", "stated_as")
"""Fields that no correction of positions of every form draws alone: they go with each other."""

SAYINGS: dict[str, Callable[[Log], Data]] = {
    "position.stated.v2": said,
    "position.withdrawn.v2": leaving,
    "position.stated": statement,
    "position.withdrawn": withdrawal,
    "milestone.noted": milestone,
    "issue.closed": closing,
    "issue.reworded": rewording,
    "membership.started": membership,
    "membership.ended": membership,
    "party.updated": update,
}
