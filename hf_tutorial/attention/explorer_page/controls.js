// The elements around the two canvases, all made here: text enters the page as text only.

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

// Keep an event that was used here from the page around, whose arrow keys move between cells.
const own = (event, act) => {
  event.preventDefault();
  event.stopPropagation();
  act();
};

// Return buttons of which one is pressed.
const choiceOf = (label, options, chosen, act) => {
  const buttons = options.map(([value, text]) => {
    const button = element("button", { type: "button", "data-value": value, "aria-pressed": String(value === chosen) }, text);
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      act(value);
    });
    return button;
  });
  return element("div", { class: "hft-choice", role: "group", "aria-label": label }, ...buttons);
};

const selectOf = (label, options, act) => {
  const select = element("select", {}, ...options.map(([value, text]) => element("option", { value }, text)));
  select.addEventListener("change", () => act(select.value));
  return element("label", { class: "hft-field" }, `${label} `, select);
};

const fill = (field, options, chosen) => {
  const select = field.querySelector("select");
  select.replaceChildren(...options.map((text, at) => element("option", { value: at }, String(text))));
  select.value = chosen;
};

const checkOf = (label, act) => {
  const input = element("input", { type: "checkbox" });
  input.addEventListener("change", () => act(input.checked));
  return element("label", { class: "hft-field" }, input, ` ${label}`);
};

const PAIRS = [["all", "all"], ["0,0", "A → A"], ["0,1", "A → B"], ["1,0", "B → A"], ["1,1", "B → B"]];

const buildControls = (ex) => {
  const { ui } = ex;
  ui.layer = selectOf("Layer", [], (at) => choose(ex, { layer: Number(at), head: ex.head }));
  ui.headNumber = selectOf("Head", [], (at) => choose(ex, { layer: ex.layer, head: Number(at) }));
  ui.between = selectOf("Texts", PAIRS, (value) => filter(ex, { between: value === "all" ? null : value.split(",").map(Number) }));
  ui.special = checkOf("hide special tokens", (hideSpecial) => filter(ex, { hideSpecial }));
  const slider = element("input", { type: "range", min: 0, max: 0.5, step: 0.01, value: 0 });
  const value = element("output", {}, "0.00");
  slider.addEventListener("input", () => {
    value.textContent = Number(slider.value).toFixed(2);
    filter(ex, { least: Math.ceil(slider.value * 255) });
  });
  const least = element("label", { class: "hft-field" }, "hide weights below ", slider, " ", value);
  const views = choiceOf("view of the head", [["lines", "Lines"], ["heat", "Heat map"]], ex.view, (view) => show(ex, view));
  const names = ex.parts.map((part, at) => [at, part.name === "alignment" ? "cross, by token written" : part.name]);
  const parts = ex.parts.length > 1 ? [choiceOf("attention", names, 0, (at) => take(ex, ex.parts[at]))] : [];
  return element(
    "div", { class: "hft-controls" },
    ...parts, views, ui.layer, ui.headNumber, ui.between, ui.special, least,
  );
};

const buildApp = (ex) => {
  const { ui } = ex;
  ui.title = element("p", { class: "hft-title" });
  ui.whole = checkOf("whole map", (whole) => ((ex.whole = whole), ex.redraw({ head: true })));
  ui.whole.querySelector("input").checked = ex.whole;
  const save = element("button", { type: "button", class: "hft-save" }, "Save picture");
  save.addEventListener("click", () => savePicture(ex));
  ui.overview = element("canvas", {
    class: "hft-overview", tabindex: "0", role: "application", "aria-roledescription": "overview of heads",
    "aria-label": "All heads, layers down and heads across. The arrow keys choose one.",
  });
  ui.chosen = element("div", { class: "hft-mark hft-chosen" });
  ui.pointed = element("div", { class: "hft-mark hft-pointed", hidden: "" });
  ui.overviewBox = element("div", { class: "hft-scroll hft-heads" }, element("div", { class: "hft-sheet" }, ui.overview, ui.pointed, ui.chosen));
  ui.head = element("canvas", { class: "hft-canvas", tabindex: "0", role: "application", "aria-roledescription": "attention of one head" });
  ui.extent = element("div", { class: "hft-extent" }, ui.head);
  ui.window = element("div", { class: "hft-window" }, ui.extent);
  ui.said = element("p", { class: "hft-said", role: "status", "aria-live": "polite" });
  const ramp = element("span", { class: "hft-ramp", role: "img", "aria-label": "colour bar from dark, 0, to bright, 1" });
  ramp.style.backgroundImage = ex.palette.gradient;
  const bar = element("p", { class: "hft-bar" }, "weight 0 ", ramp, " 1");
  ui.remark = element("p", { class: "hft-remark" });
  ui.tableBox = element("div", {});
  ui.details = element("details", {}, element("summary", {}, "Statistics of the heads"), ui.tableBox);
  ui.details.addEventListener("toggle", () => ui.details.open && buildTable(ex));
  ui.views = element("div", { class: "hft-views" }, element("div", {}, ui.overviewBox, bar), ui.said, ui.window);
  ui.app = element(
    "div", { class: "hft-app" },
    element("div", { class: "hft-top" }, ui.title, ui.whole, save), buildControls(ex),
    ui.views,
    ui.remark, ui.details,
  );
};
