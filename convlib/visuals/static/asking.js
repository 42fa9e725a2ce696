// A question, an answer in the reader's own way of writing, and what it shows.

import { element, unique } from "./drawing.js";
import { judge, readAnswer } from "./answers.js";

const ASKED = { shape: "your answer, a shape", pair: "your answer, before and after", number: "your answer, a number" };

// Text with what stands in backticks as code.
export const withCode = (text) => text.split("`").map((part, i) => (i % 2 ? element("code", {}, part) : part));

// The form for one question after the other, with `buttons` beside its own; `told` are [name, reason] of
// the known mistakes, `otherwise` the reason for an unknown one. `onanswer(isRight, isFirst)` hears of
// every answer that can be read.
export function answerForm({ told, otherwise, buttons, onanswer }) {
  const [answerId, noteId] = [unique("answer"), unique("note")];
  let question;
  let isFirst;
  const asked = element("label", { for: answerId });
  const input = element("input", { id: answerId, type: "text", autocomplete: "off", "aria-describedby": noteId });
  const verdict = element("div", { id: noteId, class: "ce-verdict", role: "status", "aria-live": "polite" });
  const form = element(
    "form", { class: "ce-field", onsubmit: (event) => (event.preventDefault(), check()) },
    asked, input, element("button", { type: "submit" }, "Check"), ...buttons,
  );

  function say(kind = "", ...parts) {
    input.setAttribute("aria-invalid", String(kind === "unread"));
    verdict.className = `ce-verdict ce-${kind || "silent"}`;
    verdict.replaceChildren(...parts);
  }

  function check() {
    const { value, problem } = readAnswer(question.kind, input.value);
    if (problem) return say("unread", problem);
    const found = judge(question, value);
    onanswer(found === true, isFirst);
    isFirst = false;
    const rule = question.rule ? [element("p", {}, ...withCode(question.rule))] : [];
    if (found === true) {
      const why = question.explanation ? [element("p", {}, ...withCode(question.explanation))] : [];
      return say("right", element("b", {}, "✓ Right."), ...why, ...rule);
    }
    const [name, reason] = found === null ? [null, otherwise] : told[found];
    say("wrong", element("b", {}, ...withCode(name ? `✗ Not so: ${name}.` : "✗ Not so.")), element("p", {}, ...withCode(reason)), ...rule);
  }

  return {
    form,
    verdict,
    say,
    ask(next) {
      question = next;
      isFirst = true;
      asked.textContent = ASKED[question.kind];
      input.value = "";
      say();
    },
    focus: () => input.focus(),
  };
}
