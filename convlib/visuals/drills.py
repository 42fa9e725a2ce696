"""The drills: questions with the answers that misconceptions give, and the reader's progress."""

import hashlib

import anywidget
import traitlets

from convlib.visuals.drill_questions import CHAPTERS, pool
from convlib.visuals.widget import bundle, style


class Drills(anywidget.AnyWidget):
    """Predict the shape, the zeros, the count or the value; a wrong idea is named.

    `chapter` is one of `CHAPTERS`; the same `seed` gives the same questions, which `questions`
    holds. What was answered right is kept in the reader's browser.

    >>> Drills("padding").questions[0].kind
    'pair'
    """

    _esm = bundle("drills")
    _css = style()
    chapter = traitlets.Unicode(read_only=True).tag(sync=True)
    _title = traitlets.Unicode().tag(sync=True)
    _questions = traitlets.List().tag(sync=True)
    _told = traitlets.List().tag(sync=True)

    def __init__(self, chapter, seed=0, **settings):
        if chapter not in CHAPTERS:
            raise ValueError(
                f"`chapter` must be one of {', '.join(map(repr, CHAPTERS))}. Received: "
                f"chapter={chapter!r}"
            )
        self.questions = pool(chapter, seed)
        told = {mistake[:2]: None for question in self.questions for mistake in question.mistakes}
        places = {mistake: place for place, mistake in enumerate(told)}
        carried = [
            {
                "id": hashlib.sha256(question.text.encode()).hexdigest()[:8],
                "text": question.text,
                "kind": question.kind,
                "answer": question.answer,
                "rule": question.rule,
                "mistakes": [[places[mistake[:2]], mistake[2]] for mistake in question.mistakes],
            }
            for question in self.questions
        ]
        self.set_trait("chapter", chapter)
        super().__init__(
            _title=CHAPTERS[chapter], _questions=carried, _told=list(map(list, told)), **settings
        )

    def __repr__(self):
        return f"Drills({self.chapter!r})"


class DrillProgress(anywidget.AnyWidget):
    """A table of what the reader has answered right, chapter by chapter.

    >>> DrillProgress()
    DrillProgress()
    """

    _esm = bundle("progress")
    _css = style()
    _chapters = traitlets.Dict(CHAPTERS).tag(sync=True)

    def __repr__(self):
        return "DrillProgress()"
