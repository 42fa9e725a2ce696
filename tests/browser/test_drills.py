"""The drills: every answer worked out a second way, and the widget used as a reader would."""

import json
import math

import naive
import numpy as np
import pytest
from test_widgets import HANDS, live, module, violations  # noqa: F401, a fixture

import exercises
from convlib.visuals import DrillProgress, Drills
from convlib.visuals.drill_questions import CHAPTERS, pool
from exercises.asking import ask, questions

# -- every answer, worked out again without convlib


def pair(value, rank):
    return value if isinstance(value, tuple) else (value,) * rank


def windows(n, k, s, d, padding):
    """How many windows there are, by counting their first cells."""
    return len(range(0, n - (k - 1) * d if padding == "valid" else n, s))


def stamped(n, k, s, d, padding, p):
    span = (k - 1) * d + 1
    if padding == "same":
        return n * s if p is None else (n - 1) * s + span % 2 + p
    return (n - 1) * s + (max(span, s) if p is None else span + p)


class Facts:
    """A case's arguments with Keras' defaults, by name."""

    def __init__(self, case):
        self.kind, self.shape = case.layer.__name__, case.shape
        self.rank, self.channels = len(case.shape) - 1, case.shape[-1]
        given = {"strides": None, "dilation_rate": 1, "padding": "valid", "use_bias": True}
        given |= {"groups": 1, "depth_multiplier": 1, "output_padding": None, "filters": None}
        given |= case.arguments
        for name, value in given.items():
            setattr(self, name, value)
        self.window = pair(given.get("kernel_size", given.get("pool_size", 1)), self.rank)
        strides = given["strides"] or (self.window if "Pooling" in self.kind else 1)
        self.strides = pair(strides, self.rank)
        self.dilation = pair(self.dilation_rate, self.rank)
        self.taps = math.prod(self.window)

    @property
    def lengths(self):
        axes = zip(self.shape[:-1], self.window, self.strides, self.dilation, strict=True)
        if "Transpose" in self.kind:
            return tuple(stamped(*axis, self.padding, self.output_padding) for axis in axes)
        return tuple(windows(*axis, self.padding) for axis in axes)

    @property
    def output(self):
        if "Global" in self.kind:
            return (self.channels,)
        deep = self.channels * self.depth_multiplier if "Depthwise" in self.kind else None
        return (*self.lengths, self.filters or deep or self.channels)

    @property
    def parameters(self):
        bias = self.output[-1] if self.use_bias else 0
        if "Pooling" in self.kind:
            return 0
        if "Depthwise" in self.kind:
            return self.taps * self.output[-1] + bias
        if "Separable" in self.kind:
            return (self.taps + self.filters) * self.channels * self.depth_multiplier + bias
        return self.taps * self.channels // self.groups * self.filters + bias


def zero_pads(n, k, s, d, padding):
    return ((k - 1) * d, 0) if padding == "causal" else naive.same_pads(n, k, s, d)


def value(x, kernel, s, d, o, padding):
    both = (0, 0) if padding == "valid" else zero_pads(len(x), len(kernel), s, d, padding)
    x, kernel = np.reshape(x, (1, -1, 1)), np.reshape(kernel, (-1, 1, 1))
    return naive.convolve(x, kernel, (s,), [both], (d,))[0, o, 0]


def pooled(x, k, s, o, maximum):
    reduce = max if maximum else lambda values: round(sum(values) / len(values), 3)
    x = np.reshape(x, (1, -1, 1)).astype(float)
    return naive.pool(x, (k,), (s,), [naive.same_pads(x.size, k, s, 1)], reduce)[0, o, 0]


def stamps(x, kernel, s, o):
    scatter = naive.scatter(np.reshape(x, (1, -1, 1)), np.reshape(kernel, (-1, 1, 1)), (s,), (1,))
    return scatter[0, o, 0]


def receptive(steps):
    """The first input cell of output cell 0 and the last one, back through the layers."""
    last = 0
    for k, s in reversed(steps):
        last = last * s + k - 1
    return last + 1


def network(shape, stack):
    """(shape, parameters) behind a stack."""
    total = 0
    for name, arguments in stack:
        if name == "Flatten":
            shape = (math.prod(shape),)
        elif name == "Dense":
            total += shape[0] * arguments["units"] + arguments["units"]
            shape = (arguments["units"],)
        else:
            case = type("Case", (), {"layer": type(name, (), {}), "shape": shape})
            case.arguments = arguments
            facts = Facts(case)
            shape, total = facts.output, total + facts.parameters
    return (None, *shape), total


def gradient(case, n, wanted):
    facts = Facts(case)
    kernel = (*facts.window, facts.channels, facts.filters)
    return {"kernel": kernel, "bias": (facts.filters,), "input": (n, *case.shape)}[wanted]


def of_cells(case):
    facts = Facts(case)
    return math.prod(facts.lengths), facts


def products(case):
    cells, facts = of_cells(case)
    return cells * (facts.parameters - facts.filters)


def im2col(case, n):
    cells, facts = of_cells(case)
    return n * cells, facts.taps * facts.channels


AGAIN = {
    "shape": lambda case: (None, *Facts(case).output),
    "parameters": lambda case: Facts(case).parameters,
    "size": lambda shape: np.zeros(shape).size,
    "batch": lambda n, h, w, c: (n, h, w, c),
    "channels first": lambda shape: np.moveaxis(np.zeros(shape), -1, 1).shape,
    "flatten": lambda shape: (None, np.zeros(shape).size),
    "place": lambda shape, at: int(np.arange(math.prod(shape)).reshape(shape)[at]),
    "value": value,
    "pads": lambda n, k, s, d, padding: zero_pads(n, k, s, d, padding),
    "span": lambda k, d: len(range(0, k * d - d + 1)),
    "receptive": receptive,
    "pooled": pooled,
    "stamped": stamps,
    "network shape": lambda shape, stack: network(shape, stack)[0],
    "network count": lambda shape, stack: network(shape, stack)[1],
    "gradient": gradient,
    "terms": lambda case, n: n * of_cells(case)[0],
    "trainable": lambda c, wanted: {"all": 4 * c}.get(wanted, 2 * c),
    "updates": lambda n, batch, epochs: epochs * len(range(0, n, batch)),
    "products": products,
    "im2col": im2col,
    "bytes": lambda case, n, width: n * math.prod(Facts(case).output) * width,
}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_answer_again(chapter, seed):
    for question in pool(chapter, seed):
        again = AGAIN[question.topic](**question.facts)
        assert again == question.answer, question
        assert question.answer not in [wrong for *_, wrong in question.mistakes]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_pool(chapter):
    found = pool(chapter)
    assert len({question.text for question in found}) == len(found) >= 40
    assert found == pool(chapter)
    assert pool(chapter, seed=1) != found
    for question in found:
        wrong = [answer for *_, answer in question.mistakes]
        assert wrong
        assert len(set(wrong)) == len(wrong)
        assert question.kind in ("shape", "pair", "number")
        for name, told, _ in question.mistakes:
            assert name == name.strip()
            assert told.endswith(".")
    state = Drills(chapter).get_state()
    assert len(json.dumps([state["_questions"], state["_told"]])) < 40_000


def test_the_named_mistakes_occur():
    names = {m[0] for chapter in CHAPTERS for q in pool(chapter) for m in q.mistakes}
    assert names >= {
        "symmetric same", "forgotten dilation", "floor for ceil", "ceil for floor",
        "channels and filters swapped", "forgotten bias", "kernel flipped",
        "padding counted in the mean", "kernel for maximum", "forgotten channels",
        "forgotten groups", "height and width swapped", "stride of the pool taken as one",
    }  # fmt: skip


def test_what_is_no_chapter():
    with pytest.raises(ValueError, match="`chapter` must be one of 'tensors'"):
        Drills("cooking")


# -- reading answers


READ = [
    ("shape", "(None, 5, 5, 2)", [None, 5, 5, 2]),
    ("shape", "5x5x2", [5, 5, 2]),
    ("shape", "5, 5, 2", [5, 5, 2]),
    ("shape", "[N,5,5,2]", [None, 5, 5, 2]),
    ("shape", "? × 5 × 5 × 2", [None, 5, 5, 2]),
    ("shape", "5 by 5 by 2", [5, 5, 2]),
    ("shape", "NonexYx2", None),
    ("shape", "five", None),
    ("shape", "5, 5.5, 2", None),
    ("shape", "(6,)", [6]),
    ("shape", " ", None),
    ("pair", "(1, 2)", [1, 2]),
    ("pair", "1 and 2", [1, 2]),
    ("pair", "1 before, 2 after", [1, 2]),
    ("pair", "before 1 after 2", [1, 2]),
    ("pair", "1/2", [1, 2]),
    ("pair", "after 2, before 1", None),
    ("pair", "3", None),
    ("pair", "1 2 3", None),
    ("number", "1,234", 1234),
    ("number", "2 389 962", 2389962),
    ("number", "2_389_962", 2389962),
    ("number", "1234 parameters", 1234),
    ("number", "= 12", 12),
    ("number", "−3", -3),
    ("number", "2.5", 2.5),
    ("number", "2,5", 2.5),
    ("number", "5/2", 2.5),
    ("number", "twelve", None),
    ("number", "1, 2, 3", None),
]


@pytest.fixture(scope="module")
def blank(visit):
    return visit("file").page


def test_answers_are_read_as_people_write_them(blank):
    found = blank.evaluate(
        """async ([url, all]) => {
          const { readAnswer } = await import(url);
          return all.map(([kind, text]) => readAnswer(kind, text));
        }""",
        [module("answers"), [[kind, text] for kind, text, _ in READ]],
    )
    for (kind, text, wanted), read in zip(READ, found, strict=True):
        if wanted is None:
            assert read.get("problem"), (kind, text, read)
        else:
            assert read == {"value": wanted}, (kind, text)


def test_every_answer_and_mistake_is_recognised(blank):
    """All pools, all answers as they would be typed, through the two functions that judge."""
    for chapter in CHAPTERS:
        questions = Drills(chapter).get_state()["_questions"]
        typed = [
            [q, [[str(a).replace("[", "(").replace("]", ")"), k] for a, k in answers(q)]]
            for q in questions
        ]
        wrong = blank.evaluate(
            """async ([url, all]) => {
              const { readAnswer, judge } = await import(url);
              return all.flatMap(([question, answers]) => answers.filter(([text, known]) => {
                const { value } = readAnswer(question.kind, text);
                return value === undefined || judge(question, value) !== known;
              }).map((answer) => [question.text, answer]));
            }""",
            [module("answers"), typed],
        )
        assert wrong == []


def answers(question):
    """Each answer with what `judge` should say of it."""
    unlike = [7, 7, 7, 7, 7, 7] if question["kind"] == "shape" else 987_654_321
    yield question["answer"], True
    for place, wrong in question["mistakes"]:
        yield wrong, place
    yield ([77, 78] if question["kind"] == "pair" else unlike), None


# -- in the page


def answer(page, text):
    page.locator(".ce-drill input").fill(text)
    page.keyboard.press("Enter")
    return page.locator(".ce-verdict").inner_text()


# Gives every question in turn its answers; returns, under the question, what is said of each.
ANSWER = f"""(answers) => {{
  {HANDS}
  const [[input], [form]] = ["input", "form"].map(all);
  const next = all("button").find((button) => button.textContent === "Next question");
  const said = {{}};
  for (const _ of Object.keys(answers)) {{
    const question = text(".ce-question");
    said[question] = answers[question].map((answer) => {{
      input.value = answer;
      form.requestSubmit();
      return text(".ce-verdict");
    }});
    next.click();
  }}
  return said;
}}"""


def plain(text):
    """Text with its marks of code taken off, as the page shows it."""
    return text.replace("`", "")


def verdicts(question):
    """Every known answer to a question of a drill, the right one last, with what is said of it."""
    unlike = "987654321" if question.kind == "number" else "(77, 78)"
    return {
        "": "Write an answer first.",
        **{
            str(wrong): plain(f"✗ Not so: {name}.{told}{question.rule}")
            for name, told, wrong in question.mistakes
        },
        unlike: plain(f"✗ Not so.The rule, with the numbers put in:{question.rule}"),
        str(question.answer): plain(f"✓ Right.{question.rule}"),
    }


def forget(page):
    """Reset what was answered, as far as the widget on the page can."""
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Yes, forget it").click()


def answer_all(page, chapter):
    """Answer all questions in all known ways, then rightly at once; return how many answers."""
    wanted = {plain(question.text): verdicts(question) for question in pool(chapter)}
    score = page.locator(".ce-score")
    for last, right in ((None, 0), (-1, 40)):
        ways = {question: list(known.items())[last:] for question, known in wanted.items()}
        answers = {question: [answer for answer, _ in known] for question, known in ways.items()}
        said = page.evaluate(ANSWER, answers)
        assert said == {question: [told for _, told in known] for question, known in ways.items()}
        assert score.inner_text().startswith(f"{right} of 40 answered right at the first try.")
    assert "Streak 40, best 40" in score.inner_text()
    return sum(map(len, wanted.values())) + len(wanted)


def test_answering(live):  # noqa: F811
    """One chapter here; test_book_widgets.py answers all of them where they are shown."""
    seen = live(Drills("padding"))
    assert answer_all(seen.page, "padding") > 200
    seen.page.get_by_role("button", name="Check").click()  # nothing was written
    assert "Write an answer first" in seen.page.locator(".ce-verdict").inner_text()
    assert seen.page.locator(".ce-drill input").get_attribute("aria-invalid") == "true"
    assert seen.errors == []


def shape_without_batch(question):
    return "x".join(map(str, question.answer[1:]))


def test_progress_is_kept_exported_and_reset(live):  # noqa: F811
    drills = Drills("pooling")
    page = live(drills).page
    page.evaluate("localStorage.clear()")
    page.reload()
    page.wait_for_selector(".ce-drill input")
    first, second = drills.questions[:2]
    assert answer(page, shape_without_batch(first)).startswith("✓")
    page.get_by_role("button", name="Next question").click()
    assert answer(page, str(second.answer)).startswith("✓")
    page.reload()
    page.wait_for_selector(".ce-drill input")
    assert "2 of 40 answered right" in page.locator(".ce-score").inner_text()
    assert "Streak 2, best 2" in page.locator(".ce-score").inner_text()
    # The two that were answered do not come again while others are open.
    assert page.locator(".ce-question").inner_text() == plain(drills.questions[2].text)
    page.get_by_role("button", name="Export").click()
    exported = json.loads(page.get_by_label("Your progress in all chapters").input_value())
    assert exported["pooling"]["best"] == 2
    assert len(exported["pooling"]["right"]) == 2
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert json.loads(download.value.path().read_text()) == exported
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="No, keep it").click()
    assert "2 of 40" in page.locator(".ce-score").inner_text()
    page.get_by_role("button", name="Reset").click()
    page.keyboard.press("Enter")  # the first button of the question has the focus
    assert "0 of 40" in page.locator(".ce-score").inner_text()
    page.reload()
    page.wait_for_selector(".ce-drill input")
    assert "0 of 40" in page.locator(".ce-score").inner_text()


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }})",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceeded'); }",
    ],
)
def test_without_a_store_the_drills_still_work(live, broken):  # noqa: F811
    drills = Drills("tensors")
    seen = live(drills)
    page = seen.page
    page.add_init_script(broken)
    page.reload()
    page.wait_for_selector(".ce-drill input")
    for question in drills.questions[:2]:
        assert answer(page, str(question.answer)).startswith("✓")
        page.get_by_role("button", name="Next question").click()
    score = page.locator(".ce-score").inner_text()
    assert "2 of 40 answered right" in score
    assert "This browser keeps no progress" in score
    assert seen.errors == []


@pytest.mark.parametrize("stored", ["no JSON", "[]", "null", '{"tensors": {"right": 5}}', "3"])
def test_a_damaged_store_is_written_anew(live, stored):  # noqa: F811
    drills = Drills("tensors")
    seen = live(drills)
    page = seen.page
    page.evaluate("text => localStorage.setItem('convolution-exactly drills', text)", stored)
    page.reload()
    page.wait_for_selector(".ce-drill input")
    assert answer(page, str(drills.questions[0].answer)).startswith("✓")
    assert "1 of 40 answered right" in page.locator(".ce-score").inner_text()
    assert seen.errors == []


def test_the_progress_of_all_chapters(show):
    """A drill and the table on one page: the table follows at once, and resets all."""
    widgets = {"drill": Drills("padding"), "table": DrillProgress({"padding": ["padded_shape"]})}
    models = {
        name: {"state": widget.get_state(), "buffers": []} for name, widget in widgets.items()
    }
    seen = show(models, "drill", "table")
    page = seen.page
    table, drill = page.locator(".ce-drill").nth(1), page.locator(".ce-drill").first
    rows = {cells[0]: cells[1:] for cells in table_cells(table)}
    assert list(rows) == list(CHAPTERS.values())
    drill.locator("input").fill(str(widgets["drill"].questions[0].answer))
    page.keyboard.press("Enter")
    rows = {cells[0]: cells[1:] for cells in table_cells(table)}
    assert rows["Padding"] == ["1 of 40", "0 of 1", "1"]
    assert rows["Pooling"] == ["0 of 40", "0 of 0", "0"]
    table.get_by_role("button", name="Reset").click()
    assert "in all chapters?" in table.locator(".ce-panel").inner_text()
    table.get_by_role("button", name="Yes, forget it").click()
    assert "0 of 40" in drill.locator(".ce-score").inner_text()
    assert seen.errors == []


QUESTIONS = {
    name: exercise
    for name, exercise in exercises.all_exercises().items()
    if exercise.value is not None
}


def answer_question(page, exercise):
    """Every mistake is named as `check` names it, every hint is given; then the right answer."""
    verdict = page.locator(".ce-verdict")
    for wrong in exercise.wrong:
        said = answer(page, str(wrong.model))
        assert plain(f"Not so: {wrong.misconception.title}.") in said
        assert plain(wrong.misconception.next_step) in said
        assert str(exercise.value) not in said
    assert "Take a hint" in answer(page, "987654321")
    for number, hint in enumerate([*exercise.hints, exercise.hints[0]]):
        page.get_by_role("button", name="Hint").click()
        assert verdict.inner_text() == f"Hint {number % 3 + 1} of 3: {plain(hint)}"
    assert "solved" not in page.locator(".ce-title").inner_text()
    said = answer(page, str(exercise.value))
    assert said.startswith("✓ Right.")
    assert plain(exercise.explanation) in said
    assert "solved" in page.locator(".ce-title").inner_text()


@pytest.mark.parametrize("name", ["padding.padded_shape", "learning.one_step"])
def test_a_question_of_an_exercise(live, name):  # noqa: F811
    """A shape and a number here; test_book_widgets.py asks all where they are shown."""
    seen = live(ask(QUESTIONS[name]))
    page = seen.page
    answer_question(page, QUESTIONS[name])
    page.reload()
    page.wait_for_selector(".ce-drill input")
    assert "solved" in page.locator(".ce-title").inner_text()  # the right answer is kept
    assert seen.errors == []


def test_questions_are_counted():
    found = questions(QUESTIONS)
    assert sum(map(len, found.values())) == len(QUESTIONS) >= 11
    assert found["padding"] == ["padded_shape"]


def table_cells(table):
    return table.locator("tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.innerText))"
    )


def test_an_answer_is_judged_at_once(live):  # noqa: F811
    drills = Drills("network")
    page = live(drills).page
    times = page.evaluate(
        """async () => {
          const [input, form] = ["input", "form"].map((tag) => document.querySelector(tag));
          const buttons = [...document.querySelectorAll("button")];
          const next = buttons.find((button) => button.textContent === "Next question");
          const times = [];
          for (let i = 0; i < 100; i++) {
            const start = performance.now();
            input.value = String(i);
            form.requestSubmit();
            next.click();
            document.body.getBoundingClientRect();
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print(f"median {times[50]:.1f} ms, worst {times[-1]:.1f} ms")
    assert times[50] < 50


@pytest.mark.parametrize(
    "widget",
    [lambda: Drills("padding"), lambda: ask(QUESTIONS["padding.padded_shape"]), DrillProgress],
)
def test_axe_finds_nothing_in_the_drills(live, widget):  # noqa: F811
    page = live(widget()).page
    if page.locator(".ce-drill input").count():
        answer(page, "1, 7")
    for name in ("Export", "Hint"):
        for button in page.get_by_role("button", name=name).all():
            button.click()
    assert violations(page) == []
