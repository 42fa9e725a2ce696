// One question of an exercise, answered in the page, with hints; a right answer is kept as the drills' are.

import { element } from "./drawing.js";
import { answerForm, withCode } from "./asking.js";
import { chapterRecord, onRecord, readRecord, writeRecord } from "./record.js";

function renderQuestion({ model, el }) {
  const chapter = model.get("chapter");
  const question = model.get("_question");
  const hints = model.get("_hints");
  const solved = () => chapterRecord(chapter).right.includes(question.id);
  let given = 0;

  const state = element("span", { class: "ce-muted" });
  const hint = element("button", { type: "button", onclick: () => tell(given++ % hints.length) }, "Hint");
  const answer = answerForm({
    told: model.get("_told"),
    otherwise: "None of the usual mistakes gives this. Take a hint.",
    buttons: [hint],
    onanswer: (isRight) => isRight && !solved() && keep(),
  });

  function tell(place) {
    answer.say("hint", element("b", {}, `Hint ${place + 1} of ${hints.length}: `), ...withCode(hints[place]));
  }

  function keep() {
    const { right, ...runs } = chapterRecord(chapter);
    writeRecord({ ...readRecord(), [chapter]: { right: [...right, question.id], ...runs } });
  }

  const draw = () => (state.textContent = solved() ? " solved" : "");
  el.classList.add("ce-widget", "ce-drill", "ce-ask");
  el.append(element("div", { class: "ce-title" }, `Answer here: ${model.get("_title")}`, state), answer.form, answer.verdict);
  draw();
  answer.ask(question);
  return onRecord(draw);
}

export default { render: renderQuestion };
