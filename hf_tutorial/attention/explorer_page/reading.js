// What the head shows, in words: read out by screen readers, and large enough for the back row.

const NOWHERE = { row: null, column: null };

// A locked token stays in focus; the pointer fills in what is not locked.
const focusOf = (ex) => ({ row: ex.lock.row ?? ex.hover.row, column: ex.lock.column ?? ex.hover.column });

const headName = (ex, layer = ex.layer, head = ex.head) => {
  const name = ex.part.heads[head];
  return `Layer ${ex.part.layers[layer]}, ${/^\d/.test(name) ? `head ${name}` : name}`;
};

const axisNames = (ex) => {
  const unit = ex.part.unit;
  return [ex.part.written ? `query: ${unit} written` : `query ${unit}`, `key ${unit}`];
};

const number = (byte) => (byte ? (byte / 255).toFixed(3) : "less than 0.002");

const token = (text) => element("bdi", { class: "hft-token" }, text);

const sayFocus = (ex) => {
  const { part, ui } = ex;
  const { row, column } = focusOf(ex);
  const said = [element("strong", {}, headName(ex)), ": "];
  if (!ex.shown.rows.length || !ex.shown.columns.length) said.push("the filters leave no token.");
  else if (row !== null && column !== null) said.push(...sayPair(ex, row, column));
  else if (row !== null) said.push(...sayStrongest(ex, row, null));
  else if (column !== null) said.push(...sayStrongest(ex, null, column));
  else if (ex.view === "lines" && ex.unseen) said.push(`only the ${MOST_LINES.toLocaleString("en")} strongest lines of ${(MOST_LINES + ex.unseen).toLocaleString("en")} are drawn. Point at a token to see all of its lines.`);
  else said.push("point at a token to read its weights, click to keep it; or use the arrow keys.");
  ui.said.replaceChildren(...said);
  const value = row !== null && column !== null ? (isMasked(part, row, column) ? "masked" : byteAt(ex, row, column) / 255) : "";
  Object.assign(ui.app.dataset, {
    layer: part.layers[ex.layer], head: part.heads[ex.head], part: part.name, view: ex.view,
    row: row ?? "", column: column ?? "", value, locked: ex.lock.row !== null || ex.lock.column !== null,
    rows: ex.shown.rows.length, columns: ex.shown.columns.length,
  });
};

const sayPair = (ex, row, column) => {
  const { part } = ex;
  const pair = [token(part.queries[row][0]), " → ", token(part.keys[column][0])];
  if (isMasked(part, row, column)) return [...pair, " comes later: the causal mask forbids it."];
  return [...pair, " ", element("strong", {}, number(byteAt(ex, row, column)))];
};

const sayStrongest = (ex, row, column) => {
  const { part, shown } = ex;
  const others = row !== null ? shown.columns : shown.rows;
  const labels = row !== null ? part.keys : part.queries;
  const pairs = Array.from(others, (at) => [at, ...(row !== null ? [row, at] : [at, column])])
    .filter(([, query, key]) => !isMasked(part, query, key))
    .map(([at, query, key]) => [at, byteAt(ex, query, key)])
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, 3)
    .filter(([, weight]) => weight > 0 && weight >= ex.least);
  const self = token(row !== null ? part.queries[row][0] : part.keys[column][0]);
  if (!pairs.length) return [self, row !== null ? " gives nothing that is shown." : " gets nothing that is shown."];
  const list = pairs.flatMap(([at, weight], n) => [n ? ", " : " ", token(labels[at][0]), ` (${number(weight)})`]);
  return [self, row !== null ? " gives most to" : " gets most from", ...list];
};
