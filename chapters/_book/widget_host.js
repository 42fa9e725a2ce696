// Brings the widgets of a built page to life without Python.
//
// A notebook stores the state of its widgets and, where each is shown, a reference to it. A widget
// made with anywidget stores its own module too, whose interface (https://anywidget.dev/en/afm) is
// small: `initialize` once for a model, `render` once for each place it is shown. Any other widget
// needs Python: of it the page shows the output it stored, and says how to run it.
//
// A classic script, because browsers refuse module scripts on pages opened from a file.
(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';
  const REFERENCE = "IPY_MODEL_";

  const same = (a, b) =>
    Object.is(a, b) ||
    (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b));

  // The part of a Backbone model that anywidget promises.
  class Model {
    #values;
    #listeners = [];

    constructor(values) {
      this.#values = values;
    }

    get(name) {
      return this.#values[name];
    }

    set(name, value) {
      const values = typeof name === "object" ? name : { [name]: value };
      const changed = Object.keys(values).filter((key) => !same(this.#values[key], values[key]));
      for (const key of changed) this.#values[key] = values[key];
      for (const key of changed) this.#trigger(`change:${key}`, this, values[key]);
      if (changed.length) this.#trigger("change", this);
    }

    #trigger(event, ...values) {
      for (const listener of [...this.#listeners]) {
        if (listener.event === event) listener.callback(...values);
      }
    }

    // What one view sees: `off` forgets the listeners of that view only. There is no Python to
    // save changes in or to send messages to.
    view() {
      const owner = {};
      const view = {
        get: (name) => this.get(name),
        set: (name, value) => this.set(name, value),
        save_changes: () => {},
        send: () => {},
        on: (names, callback) => {
          for (const event of names.split(/\s+/)) this.#listeners.push({ event, callback, owner });
        },
        off: (names, callback) => {
          const events = names?.split(/\s+/);
          this.#listeners = this.#listeners.filter(
            (listener) =>
              listener.owner !== owner ||
              (events && !events.includes(listener.event)) ||
              (callback && listener.callback !== callback),
          );
        },
        widget_manager: { get_model: async (id) => load(id).model.view() },
      };
      return view;
    }
  }

  const page = document.querySelector(STATE);
  const stored = page ? JSON.parse(page.textContent).state : {};
  const loaded = new Map();

  const noPython = () => Promise.reject(new Error("this page has no Python to answer"));

  // Bytes are stored beside the state, each with the path at which it belongs.
  function withBuffers({ state, buffers = [] }) {
    for (const { path, data } of buffers) {
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      const parent = path.slice(0, -1).reduce((value, key) => value[key], state);
      parent[path.at(-1)] = new DataView(bytes.buffer);
    }
    return state;
  }

  async function importWidget(source) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try {
      const { default: widget } = await import(url);
      return typeof widget === "function" ? await widget() : widget;
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  function addStyle(text, id) {
    if (!text || document.getElementById(id)) return;
    const style = document.createElement("style");
    style.id = id;
    style.textContent = text;
    document.head.append(style);
  }

  async function start(model) {
    addStyle(model.get("_css"), model.get("_anywidget_id"));
    const widget = await importWidget(model.get("_esm"));
    await widget.initialize?.({
      model: model.view(),
      signal: new AbortController().signal,
      experimental: { invoke: noPython },
    });
    return widget;
  }

  // A model and, started when first shown, its widget.
  function load(id) {
    if (!loaded.has(id)) {
      if (!stored[id]) throw new Error("its state is not stored in the notebook");
      const model = new Model(withBuffers(stored[id]));
      let widget;
      loaded.set(id, { model, widget: () => (widget ??= start(model)) });
    }
    return loaded.get(id);
  }

  function text(tag, className, content) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = content;
    return element;
  }

  function storedImage(data) {
    const image = document.createElement("img");
    const svg = data["image/svg+xml"];
    image.src = svg
      ? `data:image/svg+xml,${encodeURIComponent([svg].flat().join(""))}`
      : `data:image/png;base64,${[data["image/png"]].flat().join("").trim()}`;
    image.alt = "The figure drawn for the first setting of this control.";
    return image;
  }

  function storedOutput(output) {
    const data = output.data ?? {};
    if (data["image/png"] || data["image/svg+xml"]) return storedImage(data);
    const content = output.text ?? data["text/plain"] ?? output.evalue ?? "";
    return text("pre", "", [content].flat().join(""));
  }

  // Shows model `id` in `el`; true if something of it needs Python.
  async function show(id, el) {
    const { model, widget } = load(id);
    if (model.get("_esm")) {
      const { render } = await widget();
      await render?.({
        model: model.view(),
        el,
        signal: new AbortController().signal,
        experimental: { invoke: noPython },
      });
      return false;
    }
    if (model.get("outputs")) {
      el.append(...model.get("outputs").map(storedOutput));
      return true;
    }
    let needsPython = !model.get("children");
    for (const child of model.get("children") ?? []) {
      const part = document.createElement("div");
      el.append(part);
      if (await show(child.slice(REFERENCE.length), part)) needsPython = true;
    }
    return needsPython;
  }

  async function mount(script) {
    const el = document.createElement("div");
    el.className = "widget-view";
    el.setAttribute("aria-busy", "true");
    script.after(el);
    try {
      if (await show(JSON.parse(script.textContent).model_id, el)) {
        el.classList.add("stored-output");
        el.append(
          text(
            "p",
            "stored-note",
            "This control needs Python. Run the page with the rocket button above, or in JupyterLab.",
          ),
        );
      }
    } catch (error) {
      console.error(error);
      const note = text("p", "widget-error", `This widget could not start: ${error.message}`);
      note.setAttribute("role", "alert");
      el.replaceChildren(note);
    }
    el.removeAttribute("aria-busy");
  }

  // The mark says when all of them can be used.
  const mounted = [...document.querySelectorAll(VIEW)].map(mount);
  Promise.all(mounted).then(() => performance.mark("alive"));
})();
