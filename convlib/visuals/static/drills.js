// The drills: a question, an answer in the reader's own way of writing, and what it shows.

import { element, unique } from "./drawing.js";
import { judge, readAnswer } from "./answers.js";
import { isKept, onRecord, readRecord, recordButtons, writeRecord } from "./record.js";

const ASKED = { shape: "your answer, a shape", pair: "your answer, before and after", number: "your answer, a number" };

// Text with what stands in backticks as code.
const withCode = (text) => text.split("`").map((part, i) => (i % 2 ? element("code", {}, part) : part));

function renderDrills({ model, el }) {
  const chapter = model.get("chapter");
  const questions = model.get("_questions");
  const told = model.get("_told");
  const empty = { right: [], streak: 0, best: 0 };
  const own = () => readRecord()[chapter] ?? empty;
  const answeredRight = () => questions.filter(({ id }) => own().right.includes(id)).length;
  let at = questions.length - 1;
  let first = true; // whether the question has no answer yet: only the first one counts

  const [answerId, noteId] = [unique("answer"), unique("note")];
  const counter = element("span", { class: "ce-muted" });
  const text = element("p", { class: "ce-question" });
  const asked = element("label", { for: answerId });
  const input = element("input", { id: answerId, type: "text", autocomplete: "off", "aria-describedby": noteId });
  const verdict = element("div", { id: noteId, class: "ce-verdict", role: "status", "aria-live": "polite" });
  const score = element("p", { class: "ce-score" });
  const next = element("button", { type: "button", onclick: () => ask(true) }, "Next question");
  const form = element(
    "form", { class: "ce-field", onsubmit: (event) => (event.preventDefault(), check()) },
    asked, input, element("button", { type: "submit" }, "Check"), next,
  );

  // The next question that was not answered right yet; all of them again once all were.
  function ask(byHand) {
    const right = own().right;
    const open = (place) => !right.includes(questions[place % questions.length].id);
    let step = 1;
    while (step < questions.length && !open(at + step)) step++;
    at = (at + (open(at + step) ? step : 1)) % questions.length;
    first = true;
    const { text: words, kind } = questions[at];
    counter.textContent = ` question ${at + 1} of ${questions.length}`;
    text.replaceChildren(...withCode(words));
    asked.textContent = ASKED[kind];
    input.value = "";
    say();
    if (byHand) input.focus();
  }

  function say(kind = "", ...parts) {
    input.setAttribute("aria-invalid", String(kind === "unread"));
    verdict.className = `ce-verdict ce-${kind || "silent"}`;
    verdict.replaceChildren(...parts);
  }

  function check() {
    const question = questions[at];
    const { value, problem } = readAnswer(question.kind, input.value);
    if (problem) return say("unread", problem);
    const found = judge(question, value);
    if (first) count(found === true, question.id);
    first = false;
    const rule = element("p", {}, ...withCode(question.rule));
    if (found === true) return say("right", element("b", {}, "✓ Right."), rule);
    const [name, reason] = found === null ? [null, "The rule, with the numbers put in:"] : told[found];
    say("wrong", element("b", {}, name ? `✗ Not so: ${name}.` : "✗ Not so."),
      element("p", {}, ...withCode(reason)), rule);
  }

  function count(isRight, id) {
    const { right, streak, best } = own();
    const run = isRight ? streak + 1 : 0;
    const all = isRight && !right.includes(id) ? [...right, id] : right;
    writeRecord({ ...readRecord(), [chapter]: { right: all, streak: run, best: Math.max(best, run) } });
  }

  function draw() {
    const { streak, best } = own();
    score.textContent = `${answeredRight()} of ${questions.length} answered right at the first try. ` +
      `Streak ${streak}, best ${best}.${isKept() ? "" : " This browser keeps no progress: it ends with the page."}`;
  }

  el.classList.add("ce-widget", "ce-drill");
  el.append(element("div", { class: "ce-title" }, `Drill: ${model.get("_title")}`, counter), text, form, verdict, score,
    recordButtons(chapter));
  draw();
  ask(false);
  return onRecord(draw);
}

export default { render: renderDrills };
