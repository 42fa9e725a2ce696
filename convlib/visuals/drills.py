"""Questions that the page answers without Python, with the answers that misconceptions give.

The drills of a chapter, a single question of an exercise, and what the reader answered right.
"""

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
                "id": _id(question),
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


def _id(question):
    """What a right answer is remembered by."""
    return hashlib.sha256(question.text.encode()).hexdigest()[:8]


class Question(anywidget.AnyWidget):
    """One question that asks for a shape (a tuple) or a number, with `hints`.

    `mistakes` are (name, what the reader is told, answer); `explanation` says why the answer is
    right. A right answer is remembered under `chapter` as `name`.

    >>> mistakes = [("the kernel left out", "A window has k places.", 7)]
    >>> Question("padding", "five_cells", "Five cells", 5, mistakes, ["Count."], "7 - 3 + 1")
    Question('five_cells')
    """

    _esm = bundle("question")
    _css = style()
    chapter = traitlets.Unicode(read_only=True).tag(sync=True)
    _title = traitlets.Unicode().tag(sync=True)
    _question = traitlets.Dict().tag(sync=True)
    _told = traitlets.List().tag(sync=True)
    _hints = traitlets.List().tag(sync=True)

    def __init__(self, chapter, name, title, answer, mistakes, hints, explanation, **settings):
        self.set_trait("chapter", chapter)
        super().__init__(
            _title=title,
            _question={
                "id": name,
                "kind": "shape" if isinstance(answer, tuple) else "number",
                "answer": answer,
                "explanation": explanation,
                "mistakes": [[place, wrong] for place, (_, _, wrong) in enumerate(mistakes)],
            },
            _told=[[name, told] for name, told, _ in mistakes],
            _hints=list(hints),
            **settings,
        )

    def __repr__(self):
        return f"Question({self._question['id']!r})"


class DrillProgress(anywidget.AnyWidget):
    """A table of what the reader has answered right, chapter by chapter.

    `questions` are the names of the other questions that pages ask, {chapter: [name, ...]}.

    >>> DrillProgress()
    DrillProgress()
    """

    _esm = bundle("progress")
    _css = style()
    _chapters = traitlets.List().tag(sync=True)

    def __init__(self, questions=None, **settings):
        chapters = [
            {
                "name": name,
                "title": title,
                "drills": [_id(question) for question in pool(name)],
                "exercises": list((questions or {}).get(name, [])),
            }
            for name, title in CHAPTERS.items()
        ]
        super().__init__(_chapters=chapters, **settings)

    def __repr__(self):
        return "DrillProgress()"
