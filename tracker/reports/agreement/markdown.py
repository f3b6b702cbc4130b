"""Who could agree in Markdown: a section for each issue, with a line for each class of parties."""

from collections.abc import Iterator

from tracker.reports.agreement.brief import Block, Brief, brief_of
from tracker.reports.agreement.data import ConsensusAnswer, ConvergenceAnswer, basis_of_answer
from tracker.reports.agreement.series import series_of
from tracker.reports.agreement.words import Line
from tracker.reports.markdown import escape, rests_on, signs_text


def render_consensus(answer: ConsensusAnswer) -> str:
    """What is objected to, what is not settled, and what nobody objects to."""
    return "\n".join(_lines(answer, brief_of(answer.found, answer.shown_names, answer.contests)))


def render_convergence(answer: ConvergenceAnswer) -> str:
    """The days of each issue, each with its verdict and the number of parties in each class."""
    return "\n".join(_lines(answer, series_of(answer.found, answer.shown_names)))


def _lines(answer: ConsensusAnswer | ConvergenceAnswer, brief: Brief) -> Iterator[str]:
    yield from (f"# {escape(brief.title)}", "", escape(brief.summary), "")
    for part in brief.parts:
        yield from (f"## {escape(part.heading)}", "")
        for block in part.blocks:
            yield from (f"### {escape(block.title)}", "", f"{escape(_sentence(block.verdict))}", "", *_block(block), "")
        if part.others:
            yield from (f"- **{escape(title)}**: {escape(text)}" for title, text in part.others)
            yield ""
    if brief.cut:
        yield from (escape(brief.cut), "")
    yield from (*signs_text(brief.signs), rests_on(basis_of_answer(answer.found)), "")


def _block(block: Block, indent: str = "") -> Iterator[str]:
    for line in block.lines:
        yield f"{indent}- **{escape(line.label.strip())}**: {escape(_text(line))}"
        if line.more:
            yield f"{indent}  - {escape(line.more)}"
    for option in block.options:
        yield f"{indent}- **{escape(option.title)}**: {escape(option.verdict)}"
        yield from _block(option, f"{indent}  ")


def _text(line: Line) -> str:
    return f"{line.text} ({line.mark})" if line.mark else line.text


def _sentence(verdict: str) -> str:
    return f"{verdict[0].upper()}{verdict[1:]}."
