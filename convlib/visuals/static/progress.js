// The progress of the drills: a table of what was answered right in each chapter.

import { element } from "./drawing.js";
import { isKept, onRecord, readRecord, recordButtons } from "./record.js";

function renderProgress({ model, el }) {
  const body = element("tbody");
  const note = element("p", { class: "ce-score" });
  const cells = (...texts) => texts.map((text) => element("td", {}, String(text)));

  function draw() {
    const record = readRecord();
    const rows = Object.entries(model.get("_chapters")).map(([chapter, title]) => {
      const { right, best } = record[chapter] ?? { right: [], best: 0 };
      return { title, right: right.length, best };
    });
    body.replaceChildren(...rows.map(({ title, right, best }) =>
      element("tr", {}, element("th", { scope: "row" }, title), ...cells(right, best))));
    const total = rows.reduce((sum, { right }) => sum + right, 0);
    note.textContent = `${total} answered right in all. ` + (isKept()
      ? "This is kept in your browser and nowhere else." : "This browser keeps no progress: it ends with the page.");
  }

  el.classList.add("ce-widget", "ce-drill");
  el.append(
    element("div", { class: "ce-title" }, "Your drills"),
    element("table", {}, element("thead", {}, element("tr", {},
      ...["chapter", "answered right", "best streak"].map((text) => element("th", { scope: "col" }, text)))), body),
    note, recordButtons(),
  );
  draw();
  return onRecord(draw);
}

export default { render: renderProgress };
