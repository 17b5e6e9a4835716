// The statistics of all heads, one page of rows at a time: a row for each of 1,000 heads would weigh the page down.

const ROWS = 24;

const COLUMNS = {
  entropy: "entropy of the row in bits, 0 if one key has all the weight",
  special: "share of the weight on special tokens",
  previous: "share on the token before",
  same: "share on the token itself",
  next: "share on the token after",
};

const buildTable = (ex) => {
  const { statistics, heads, layers } = ex.part;
  const names = Object.keys(statistics);
  ex.table = { by: "layer", down: false, page: 0, order: [...Array(layers.length * heads.length).keys()] };
  const heading = (name, title) => {
    const button = element("button", { type: "button", title }, name);
    button.addEventListener("click", () => sortTable(ex, name));
    return element("th", { scope: "col", "data-name": name }, button);
  };
  const columns = [heading("layer", "number of the layer"), heading("head", "number of the head")];
  columns.push(...names.map((name) => heading(name, COLUMNS[name])));
  ex.ui.rows = element("tbody", {});
  ex.ui.heading = element("tr", {}, ...columns);
  const explained = names.map((name) => `${name}: ${COLUMNS[name]}`).join("; ");
  const caption = element("caption", {}, `All tokens count, whatever the filters hide. Means over the query tokens: ${explained}.`);
  const table = element("table", { class: "hft-statistics" }, caption, element("thead", {}, ex.ui.heading), ex.ui.rows);
  const turn = (label, step) => {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", () => ((ex.table.page += step), fillTable(ex)));
    return button;
  };
  ex.ui.pageSaid = element("span", { "aria-live": "polite" });
  ex.ui.turns = [turn("‹ previous", -1), turn("next ›", 1)];
  const pages = element("p", { class: "hft-pages" }, ex.ui.turns[0], ex.ui.pageSaid, ex.ui.turns[1]);
  const scrolling = element("div", { class: "hft-scroll", tabindex: "0", role: "region", "aria-label": "statistics" }, table);
  ex.ui.tableBox.replaceChildren(scrolling, pages);
  fillTable(ex);
};

// The first click on a statistic puts the largest on top; numbers of layers and heads count up.
const sortTable = (ex, name) => {
  const { table, part } = ex;
  const place = name === "layer" || name === "head";
  table.down = table.by === name ? !table.down : !place;
  Object.assign(table, { by: name, page: 0 });
  const count = part.heads.length;
  const value = place
    ? (at) => (name === "layer" ? Math.floor(at / count) : at % count)
    : (at) => part.statistics[name][at];
  table.order.sort((a, b) => (table.down ? value(b) - value(a) : value(a) - value(b)) || a - b);
  fillTable(ex);
};

const fillTable = (ex) => {
  const { table, part, ui } = ex;
  const pages = Math.ceil(table.order.length / ROWS);
  table.page = clamp(table.page, 0, pages - 1);
  ui.rows.replaceChildren(...table.order.slice(table.page * ROWS, (table.page + 1) * ROWS).map((at) => tableRow(ex, at)));
  for (const heading of ui.heading.children) {
    const sorted = heading.dataset.name === table.by;
    heading.setAttribute("aria-sort", sorted ? (table.down ? "descending" : "ascending") : "none");
  }
  ui.pageSaid.textContent = `page ${table.page + 1} of ${pages}`;
  ui.turns[0].disabled = table.page === 0;
  ui.turns[1].disabled = table.page === pages - 1;
  ui.pageSaid.parentElement.hidden = pages === 1;
};

const tableRow = (ex, at) => {
  const { part } = ex;
  const place = { layer: Math.floor(at / part.heads.length), head: at % part.heads.length };
  const pick = element("button", { type: "button", "aria-label": `show ${headName(ex, place.layer, place.head)}` }, String(part.layers[place.layer]));
  pick.addEventListener("click", () => choose(ex, place));
  const values = Object.values(part.statistics).map((values) => element("td", {}, values[at].toFixed(3)));
  const row = element("tr", {}, element("th", { scope: "row" }, pick), element("td", {}, part.heads[place.head]), ...values);
  if (place.layer === ex.layer && place.head === ex.head) row.setAttribute("aria-current", "true");
  return row;
};
