// What a reader answered right, kept in the browser: {chapter: {right: [ids], streak, best}}.
// Where the browser keeps nothing (private windows, a full store), it lasts as long as the page.

import { element, unique } from "./drawing.js";

const STORE = "convolution-exactly drills";
const RECORD_CHANGED = "ce-drills-changed";
let remembered = {};
let refused = false; // the browser did not take what it was given

const whole = (value) => (Number.isInteger(value) && value >= 0 ? value : 0);

// Only what has the form above: the store may hold anything.
function sound(found) {
  const entries = Object.entries(found ?? {}).filter(([, one]) => Array.isArray(one?.right));
  return Object.fromEntries(entries.map(([chapter, { right, streak, best }]) => [
    chapter, { right: right.filter((id) => typeof id === "string"), streak: whole(streak), best: whole(best) },
  ]));
}

export function readRecord() {
  if (refused) return remembered;
  try {
    remembered = sound(JSON.parse(localStorage.getItem(STORE) ?? "{}"));
  } catch (error) {
    refused = !(error instanceof SyntaxError); // what is no JSON is written anew
  }
  return remembered;
}

export const chapterRecord = (chapter) => readRecord()[chapter] ?? { right: [], streak: 0, best: 0 };

export function writeRecord(record) {
  remembered = record;
  try {
    localStorage.setItem(STORE, JSON.stringify(record));
  } catch {
    refused = true;
  }
  window.dispatchEvent(new Event(RECORD_CHANGED));
}

export const isKept = () => !refused;

// Calls `listener` when another widget or another page changes the record; returns what ends that.
export function onRecord(listener) {
  for (const event of [RECORD_CHANGED, "storage"]) window.addEventListener(event, listener);
  return () => {
    for (const event of [RECORD_CHANGED, "storage"]) window.removeEventListener(event, listener);
  };
}

// Buttons to take the record away and to forget it: that of `chapter`, or all of it.
export function recordButtons(chapter) {
  const panel = element("div", { class: "ce-panel", hidden: "" });
  const said = element("span", { role: "status" });
  const button = (text, onclick) => element("button", { type: "button", onclick }, text);
  const show = (...content) => {
    panel.replaceChildren(...content);
    panel.hidden = !content.length;
    said.textContent = "";
    panel.querySelector("textarea, button")?.focus();
  };
  const close = (from) => {
    show();
    from.focus();
  };
  const out = button("Export", () => {
    const text = JSON.stringify(readRecord(), null, 2);
    const id = unique("export");
    const area = element("textarea", { id, rows: 6, readonly: "" }, text);
    const copy = async () => {
      area.select();
      const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
      said.textContent = done ? "Copied." : "Copy the selected text.";
    };
    show(element("label", { for: id }, "Your progress in all chapters, as JSON"), area, button("Copy", copy),
      element("a", { download: "drills.json", href: `data:application/json,${encodeURIComponent(text)}` }, "Download"),
      button("Close", () => close(out)));
  });
  const reset = button("Reset", () => show(
    element("span", {}, `Forget what you answered right in ${chapter ? "this chapter" : "all chapters"}?`),
    button("Yes, forget it", () => {
      const { [chapter]: _, ...others } = readRecord();
      writeRecord(chapter ? others : {});
      close(reset);
      said.textContent = "Forgotten.";
    }),
    button("No, keep it", () => close(reset)),
  ));
  return element("div", { class: "ce-controls ce-record" }, out, reset, said, panel);
}
