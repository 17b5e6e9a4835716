// One explorer: what is chosen, what that redraws, and its start.

const VIEWS = { lines: LINES, heat: HEAT };

const choose = (ex, { layer, head }) => {
  Object.assign(ex, { layer, head });
  ex.ui.layer.querySelector("select").value = layer;
  ex.ui.headNumber.querySelector("select").value = head;
  if (ex.ui.details.open) fillTable(ex);
  placeMarks(ex);
  ex.redraw({ head: true });
};

const filter = (ex, change) => {
  Object.assign(ex, change);
  ex.shown = shownTokens(ex.part, ex);
  const [rows, columns] = [new Set(ex.shown.rows), new Set(ex.shown.columns)];
  ex.lock = { row: rows.has(ex.lock.row) ? ex.lock.row : null, column: columns.has(ex.lock.column) ? ex.lock.column : null };
  ex.hover = NOWHERE;
  const special = ex.ui.special.querySelector("input");
  special.disabled = ex.between !== null;
  special.checked = ex.hideSpecial || ex.between !== null;
  ex.redraw({ overview: true, head: true });
};

const show = (ex, view) => {
  ex.view = view;
  ex.redraw({ head: true });
};

// Turn to another attention of the same model.
const take = (ex, part) => {
  const { ui } = ex;
  const [layer, head] = [Math.min(ex.layer, part.layers.length - 1), Math.min(ex.head, part.heads.length - 1)];
  Object.assign(ex, { part, layer, head, lock: NOWHERE, between: null });
  fill(ui.layer, part.layers, layer);
  fill(ui.headNumber, part.heads, head);
  ui.between.querySelector("select").value = "all";
  const pair = part.kind !== "cross" && part.queries.some((label) => label[2] === 1);
  ui.between.hidden = !pair;
  ui.special.hidden = ![...part.queries, ...part.keys].some((label) => label[1]);
  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  ui.title.textContent = `${part.title}: ${count(part.layers.length, "layer")} × ${count(part.heads.length, "head")}`;
  const sums = part.whole ? "Each row sums to 1." : "Some keys are left out, so rows sum to less than 1.";
  const mask = part.masked ? " Clear cells lie in the future, which a causal mask hides." : "";
  ui.remark.textContent = `A query token (row) spreads its weight over the key tokens (columns). ${sums}${mask}${pair ? " A is the first text, B the second." : ""} What a filter leaves is not scaled up again. Weights are rounded to steps of 1/255; where tokens outnumber pixels, the strongest weight under a pixel is drawn.`;
  if (ui.details.open) buildTable(ex);
  filter(ex, {});
};

const drawHead = (ex, what) => {
  const { ui } = ex;
  if (what.head || what.theme) ex.edges = ex.view === "lines" ? edgesOf(ex) : [];
  const view = VIEWS[ex.view];
  ui.window.style.maxHeight = `${ex.tallest + 2}px`;
  const plan = (ex.plan = view.plan(ex, ui.window.clientWidth));
  ui.whole.hidden = ex.view !== "heat" || plan.fits;
  ui.extent.style.width = ex.view === "lines" ? "100%" : `${plan.width}px`;
  ui.extent.style.height = `${plan.height}px`;
  ui.window.toggleAttribute("data-more", plan.height > ex.tallest + 2);
  const [width, height] = [Math.min(plan.width, ui.window.clientWidth), Math.min(plan.height, ui.window.clientHeight)];
  const context = sized(ui.head, width, height);
  const said = ex.view === "lines" ? "Up and down move between tokens, left and right between queries and keys" : "The arrow keys move between cells";
  ui.head.setAttribute("aria-label", `${headName(ex)}. ${said}; Escape lets go.`);
  ui.app.dataset.edges = ex.edges.length;
  view.draw(ex, context, plan, { x: ui.window.scrollLeft, y: ui.window.scrollTop, width, height });
};

// Redraws wait for the next frame, however many events ask for them.
const redrawing = (ex) => {
  let wanted = null;
  return (what) => {
    if (!wanted) requestAnimationFrame(() => (draw(ex, wanted), (wanted = null)));
    wanted = { ...wanted, ...what };
  };
};

const draw = (ex, what) => {
  if (what.theme) {
    ex.theme = themeOf(ex.root);
    ex.tallest = 30 * ex.theme.size;
    ex.ui.app.dataset.theme = ex.theme.dark ? "dark" : "light";
  }
  if (!ex.ui.app.clientWidth) return;
  ex.wide = ex.ui.app.clientWidth >= 46 * ex.theme.size;
  ex.ui.app.toggleAttribute("data-wide", ex.wide);
  if (what.overview || what.theme) drawOverview(ex);
  drawHead(ex, what);
  sayFocus(ex);
};

const listenToHead = (ex) => {
  const { head, window: pane } = ex.ui;
  const under = (event) => VIEWS[ex.view].under(ex, ex.plan, shifted(event.offsetX, ex.plan.left ?? 0, pane.scrollLeft), shifted(event.offsetY, ex.plan.top, pane.scrollTop));
  const hover = (place) => {
    if (place.row === ex.hover.row && place.column === ex.hover.column) return;
    ex.hover = place;
    ex.redraw({ head: true });
  };
  head.addEventListener("mousemove", (event) => hover(under(event)));
  head.addEventListener("mouseleave", () => hover(NOWHERE));
  pane.addEventListener("scroll", () => ex.redraw({ scrolled: true }));
  head.addEventListener("click", (event) => lockAt(ex, under(event)));
  head.addEventListener("keydown", (event) => {
    if (event.key === "Escape") own(event, () => ((ex.side = "row"), lock(ex, NOWHERE)));
    else if (HEAD_STEPS[event.key]) own(event, () => moveLock(ex, ...HEAD_STEPS[event.key]));
  });
};

// Labels stay where they are while the rest scrolls: only what lies beyond them is shifted.
const shifted = (at, frozen, scrolled) => (at < frozen ? at : at + scrolled);

const lock = (ex, place) => {
  ex.lock = place;
  ex.redraw({ head: true });
};

// In the lines a click keeps one token, and a second click lets it go; in the heat map it keeps a cell.
const lockAt = (ex, { row, column }) => {
  const same = (a, b) => a.row === b.row && a.column === b.column;
  if (ex.view === "heat" || (row === null && column === null)) lock(ex, same(ex.lock, { row, column }) ? NOWHERE : { row, column });
  else if (row !== null) lock(ex, { ...ex.lock, row: ex.lock.row === row ? null : row });
  else lock(ex, { ...ex.lock, column: ex.lock.column === column ? null : column });
};

const moveLock = (ex, down, across) => {
  const { rows, columns } = ex.shown;
  const step = (numbers, at, by) => (at === null ? numbers[0] : numbers[clamp(numbers.indexOf(at) + by, 0, numbers.length - 1)]) ?? null;
  const heat = ex.view === "heat";
  if (!heat && across) {
    ex.side = across > 0 ? "column" : "row";
    if (ex.side === "row") return lock(ex, { row: ex.lock.row ?? step(rows, null, 0), column: null });
  }
  const moves = { row: heat || ex.side === "row", column: heat || ex.side === "column" };
  const place = {
    row: moves.row ? step(rows, ex.lock.row, down) : ex.lock.row,
    column: moves.column ? step(columns, ex.lock.column, heat ? across : down) : ex.lock.column,
  };
  lock(ex, place);
  bringIntoView(ex, place);
};

const bringIntoView = (ex, place) => {
  const pane = ex.ui.window;
  const { x, y, width, height } = VIEWS[ex.view].place(ex, ex.plan, place);
  const { left = 0, top } = ex.plan;
  pane.scrollTop = clamp(pane.scrollTop, y + height - pane.clientHeight, y - top);
  if (width) pane.scrollLeft = clamp(pane.scrollLeft, x + width - pane.clientWidth, x - left);
};

// Follow the width, but not into the loop in which a scroll bar comes and goes; and follow the page's light or dark.
const followPage = (ex) => {
  let width = ex.root.clientWidth;
  new ResizeObserver(() => {
    const now = ex.root.clientWidth;
    if (now >= width && now <= width + 24) return;
    width = now;
    ex.redraw({ theme: true });
  }).observe(ex.root);
  const again = () => ex.redraw({ theme: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  const watch = new MutationObserver(again);
  const attributes = ["class", "style", "data-jp-theme-light", "data-vscode-theme-kind", "data-theme", "theme"];
  for (const node of [document.documentElement, document.body]) watch.observe(node, { attributes: true, attributeFilter: attributes });
};

const start = async (root) => {
  for (const left of root.querySelectorAll(".hft-app, .hft-missing")) left.remove();
  if (typeof DecompressionStream === "undefined") {
    root.append(element("p", { class: "hft-missing" }, "This browser is too old to unpack the weights (it has no DecompressionStream), so this is a still picture."));
    return;
  }
  const data = JSON.parse(root.dataset.attention);
  const parts = partsOf(data, await Promise.all(data.packs.map(unpack)));
  const ex = {
    root, parts, part: parts[0], layer: 0, head: 0, view: "lines", least: 0, hideSpecial: false, between: null, whole: true,
    lock: NOWHERE, hover: NOWHERE, side: "row", pointed: null, palette: paletteOf(data.colours), ui: {},
  };
  ex.redraw = redrawing(ex);
  buildApp(ex);
  listenToOverview(ex);
  listenToHead(ex);
  for (const still of root.querySelectorAll(".hft-still")) still.hidden = true;
  root.append(ex.ui.app);
  take(ex, ex.part);
  ex.redraw({ theme: true });
  followPage(ex);
};

// A notebook may run the script again: what has started already is left alone.
const startAll = (mark) => {
  for (const root of document.querySelectorAll(`[data-explorer="${mark}"]`)) {
    if (root.hftStarted) continue;
    root.hftStarted = true;
    start(root);
  }
};
