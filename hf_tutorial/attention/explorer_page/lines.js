// One head as lines from each query token to the key tokens.

const planLines = (ex, room) => {
  const { part, shown, theme } = ex;
  const context = ex.ui.head.getContext("2d");
  letters(context, theme, { mono: true });
  const numbers = room >= 24 * theme.size ? context.measureText("0.00 ").width : 0;
  const texts = [...Array.from(shown.rows, (at) => part.queries[at][0]), ...Array.from(shown.columns, (at) => part.keys[at][0])];
  const label = Math.ceil(Math.min(widest(context, texts) + theme.size * 0.9, room * 0.34 - numbers * 0.5));
  const count = Math.max(shown.rows.length, shown.columns.length, 1);
  const top = Math.ceil(theme.size * 1.9);
  const row = clamp((ex.tallest * 0.8 - top) / count, theme.size * 1.45, theme.size * 2.1);
  const width = Math.min(room - 8, 46 * theme.size);
  const inset = Math.round((room - width) / 2);
  return {
    top, row, label, numbers,
    from: inset + numbers + label,
    to: inset + width - numbers - label,
    start: inset, end: inset + width,
    width: room,
    height: Math.ceil(top + count * row + 4),
  };
};

// More lines than these are a fog, and slow to draw: the strongest are drawn, and `sayFocus` says so.
const MOST_LINES = 2000;

// Return which weights the lines show: those of the token in focus, or all.
const edgesOf = (ex) => {
  const { part, shown } = ex;
  const { row, column } = focusOf(ex);
  const offset = headOffset(part, ex.layer, ex.head);
  const least = Math.max(1, ex.least);
  const edges = [];
  shown.rows.forEach((query, from) => {
    if (row !== null && query !== row) return;
    shown.columns.forEach((key, to) => {
      if ((row === null && column !== null && key !== column) || isMasked(part, query, key)) return;
      const weight = part.weights[offset + query * part.keys.length + key];
      if (weight >= least) edges.push([from, to, weight, query, key]);
    });
  });
  ex.unseen = Math.max(0, edges.length - MOST_LINES);
  return ex.unseen ? edges.sort((a, b) => b[2] - a[2]).slice(0, MOST_LINES) : edges;
};

const drawLines = (ex, context, plan, view) => {
  const { theme } = ex;
  const focus = focusOf(ex);
  const { edges } = ex;
  const middle = (at) => plan.top + (at + 0.5) * plan.row - view.y;
  drawSideTitles(ex, context, plan);
  context.save();
  context.beginPath();
  context.rect(0, plan.top - 2, view.width, view.height - plan.top + 2);
  context.clip();
  const visible = edges.filter(([from, to]) => {
    const [a, b] = [middle(from), middle(to)];
    return Math.max(a, b) > 0 && Math.min(a, b) < view.height;
  });
  strokeEdges(context, plan, visible, middle, theme);
  if (focus.row !== null && focus.column !== null) {
    const pair = visible.filter((edge) => edge[4] === focus.column);
    strokeEdges(context, plan, pair, middle, { accent: theme.ink });
  }
  const side = focus.row !== null ? "column" : focus.column !== null ? "row" : null;
  const weights = new Map(edges.map((edge) => [side === "column" ? edge[4] : edge[3], edge[2]]));
  drawSide(ex, context, plan, view, middle, "row", side === "row" ? weights : null);
  drawSide(ex, context, plan, view, middle, "column", side === "column" ? weights : null);
  context.restore();
};

// Lines of about the same weight are one path: a thousand strokes cost more than a thousand segments.
const strokeEdges = (context, plan, edges, middle, theme) => {
  const bundles = new Map();
  for (const edge of edges) {
    const strength = edge[2] >> 3;
    if (!bundles.has(strength)) bundles.set(strength, []);
    bundles.get(strength).push(edge);
  }
  const bend = (plan.to - plan.from) * 0.4;
  context.strokeStyle = theme.accent;
  context.lineCap = "round";
  for (const strength of [...bundles.keys()].sort((a, b) => a - b)) {
    const weight = (strength + 0.5) / 32;
    context.globalAlpha = clamp(weight ** 0.6, 0.05, 1);
    context.lineWidth = 1 + 7 * weight;
    context.beginPath();
    for (const [from, to] of bundles.get(strength)) {
      context.moveTo(plan.from + 3, middle(from));
      context.bezierCurveTo(plan.from + bend, middle(from), plan.to - bend, middle(to), plan.to - 3, middle(to));
    }
    context.stroke();
  }
  context.globalAlpha = 1;
};

const drawSideTitles = (ex, context, plan) => {
  const [queries, keys] = axisNames(ex);
  letters(context, ex.theme, { scale: 0.85 });
  context.fillStyle = ex.theme.soft;
  const room = (plan.to - plan.from) / 2 + plan.label - 6;
  const half = ex.theme.size * 0.35;
  writeToken(context, `${queries} →`, Math.max(plan.from - half, context.measureText(`${queries} →`).width), plan.top * 0.42, room, "right");
  writeToken(context, keys, Math.min(plan.to + half, plan.end - context.measureText(keys).width), plan.top * 0.42, room, "left");
};

// Write the tokens of one side, and beside each its weight if the other side has the focus.
const drawSide = (ex, context, plan, view, middle, side, weights) => {
  const { part, shown, theme } = ex;
  const isRow = side === "row";
  const [numbers, labels] = isRow ? [shown.rows, part.queries] : [shown.columns, part.keys];
  const [inner, outward, align] = isRow ? [plan.from, -1, "right"] : [plan.to, 1, "left"];
  const chosen = focusOf(ex)[side];
  const first = Math.max(0, Math.floor((view.y - plan.top) / plan.row));
  const last = Math.min(numbers.length, Math.ceil((view.y + view.height) / plan.row));
  for (let at = first; at < last; at++) {
    const [text, special] = labels[numbers[at]];
    const y = middle(at);
    const weight = weights ? weights.get(numbers[at]) : undefined;
    const isChosen = numbers[at] === chosen;
    const filled = isChosen && !weights;
    if (weight !== undefined) box(context, inner, y, outward * plan.label * (weight / 255), plan.row, theme.bar);
    if (filled) box(context, inner, y, outward * plan.label, plan.row, theme.accent);
    if (isChosen && weights) outline(context, inner, y, outward * plan.label, plan.row, theme.ink);
    letters(context, theme, { mono: true, italic: special, bold: isChosen });
    context.fillStyle = filled ? theme.onAccent : theme.ink;
    writeToken(context, text, inner + outward * theme.size * 0.35, y, plan.label - theme.size * 0.5, align);
    // What would round to 0.00 says less than its place in the picture.
    if (weight > 1 && plan.numbers) {
      letters(context, theme, { mono: true, scale: 0.85 });
      context.fillStyle = theme.ink;
      context.textAlign = isRow ? "left" : "right";
      context.fillText((weight / 255).toFixed(2), isRow ? plan.start : plan.end, y);
    }
  }
};

const box = (context, x, y, width, row, colour) => {
  context.fillStyle = colour;
  context.fillRect(x, y - row * 0.44, width, row * 0.88);
};

const outline = (context, x, y, width, row, colour) => {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(x, y - row * 0.44, width, row * 0.88);
};

// Return the token under the pointer: of the left side as row, of the right side as column.
const tokenUnderLines = (ex, plan, x, y) => {
  const at = Math.floor((y - plan.top) / plan.row);
  const left = x < plan.from + 8;
  const numbers = left ? ex.shown.rows : ex.shown.columns;
  if (at < 0 || at >= numbers.length || (!left && x < plan.to - 8)) return { row: null, column: null };
  return left ? { row: numbers[at], column: null } : { row: null, column: numbers[at] };
};

const placeInLines = (ex, plan, { row, column }) => {
  const at = ex.side === "column" && column !== null ? ex.shown.columns.indexOf(column) : ex.shown.rows.indexOf(row);
  return { x: 0, y: plan.top + at * plan.row, width: 0, height: plan.row };
};

const LINES = { plan: planLines, draw: drawLines, under: tokenUnderLines, place: placeInLines };
