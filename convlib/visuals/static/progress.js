// The contents of the book, with what the reader has answered right in each chapter.

import { element } from "./drawing.js";
import { chapterRecord, isKept, onRecord, recordButtons } from "./record.js";

// Beside other pages of the site chapters are links; in a notebook there is nothing they could open.
const onASite = () => location.pathname.endsWith(".html");

function renderProgress({ model, el }) {
  const chapters = model.get("_chapters");
  const body = element("tbody");
  const note = element("p", { class: "ce-score" });
  const share = (ids, right) => `${ids.filter((id) => right.includes(id)).length} of ${ids.length}`;
  const cells = (...texts) => texts.map((text) => element("td", {}, String(text)));
  const title = ({ name, title }) => (onASite() ? element("a", { href: `${name}.html` }, title) : title);

  function draw() {
    body.replaceChildren(...chapters.map((chapter) => {
      const { right, best } = chapterRecord(chapter.name);
      return element("tr", {}, element("th", { scope: "row" }, title(chapter)),
        ...cells(share(chapter.drills, right), share(chapter.exercises, right), best));
    }));
    note.textContent = isKept()
      ? "This is kept in your browser and nowhere else." : "This browser keeps no progress: it ends with the page.";
  }

  el.classList.add("ce-widget", "ce-drill");
  el.append(
    element("div", { class: "ce-title" }, "Your progress"),
    element("table", {}, element("thead", {}, element("tr", {},
      ...["chapter", "drills", "exercises", "best streak"].map((text) => element("th", { scope: "col" }, text)))),
      body),
    note, recordButtons(),
  );
  draw();
  return onRecord(draw);
}

export default { render: renderProgress };
