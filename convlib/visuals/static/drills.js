// The drills: one question after the other, and how many were answered right.

import { element } from "./drawing.js";
import { answerForm, withCode } from "./asking.js";
import { chapterRecord, isKept, onRecord, readRecord, recordButtons, writeRecord } from "./record.js";

function renderDrills({ model, el }) {
  const chapter = model.get("chapter");
  const questions = model.get("_questions");
  const own = () => chapterRecord(chapter);
  const answeredRight = () => questions.filter(({ id }) => own().right.includes(id)).length;
  let at = questions.length - 1;

  const counter = element("span", { class: "ce-muted" });
  const text = element("p", { class: "ce-question" });
  const score = element("p", { class: "ce-score" });
  const next = element("button", { type: "button", onclick: () => (goOn(), answer.focus()) }, "Next question");
  const answer = answerForm({
    told: model.get("_told"),
    otherwise: "The rule, with the numbers put in:",
    buttons: [next],
    onanswer: (isRight, isFirst) => isFirst && count(isRight, questions[at].id), // only the first one counts
  });

  // The next question that was not answered right yet; all of them again once all were.
  function goOn() {
    const right = own().right;
    const open = (place) => !right.includes(questions[place % questions.length].id);
    let step = 1;
    while (step < questions.length && !open(at + step)) step++;
    at = (at + (open(at + step) ? step : 1)) % questions.length;
    counter.textContent = ` question ${at + 1} of ${questions.length}`;
    text.replaceChildren(...withCode(questions[at].text));
    answer.ask(questions[at]);
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
  el.append(element("div", { class: "ce-title" }, `Drill: ${model.get("_title")}`, counter), text, answer.form,
    answer.verdict, score, recordButtons(chapter));
  draw();
  goOn();
  return onRecord(draw);
}

export default { render: renderDrills };
