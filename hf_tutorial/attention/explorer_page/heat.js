// One head as a heat map: queries down, keys across. Its labels stay in sight while the map scrolls.

const planHeat = (ex, room) => {
  const { part, shown, theme } = ex;
  const context = ex.ui.head.getContext("2d");
  letters(context, theme, { mono: true });
  const title = Math.ceil(theme.size * 1.5);
  const of = (labels, numbers) => widest(context, Array.from(numbers, (at) => labels[at][0])) + theme.size * 0.6;
  const left = Math.ceil(title + Math.min(of(part.queries, shown.rows), room * 0.28));
  const top = Math.ceil(title + Math.min(of(part.keys, shown.columns), 8 * theme.size, ex.tallest * 0.3));
  const [rows, columns] = [Math.max(1, shown.rows.length), Math.max(1, shown.columns.length)];
  const fits = Math.min((room - left - 2) / columns, (ex.tallest - top - 2) / rows, 3.2 * theme.size);
  const legible = theme.size * 1.4;
  const cell = ex.whole || fits >= legible ? (fits > 4 ? Math.floor(fits) : fits) : legible;
  return {
    left, top, cell, title, fits: fits >= legible,
    width: Math.ceil(left + columns * cell) + 2,
    height: Math.ceil(top + rows * cell) + 2,
  };
};

const drawHeat = (ex, context, plan, view) => {
  const { part, shown, theme, palette } = ex;
  const focus = focusOf(ex);
  const [wide, high] = [shown.columns.length * plan.cell, shown.rows.length * plan.cell];
  const [width, height] = [Math.min(shown.columns.length, Math.ceil(wide)), Math.min(shown.rows.length, Math.ceil(high))];
  const cells = pooled(part, headOffset(part, ex.layer, ex.head), shown, height, width, ex.least);
  context.save();
  context.beginPath();
  context.rect(plan.left, plan.top, view.width - plan.left, view.height - plan.top);
  context.clip();
  context.imageSmoothingEnabled = false;
  context.drawImage(imageOf(cells, width, height, palette), plan.left - view.x, plan.top - view.y, wide, high);
  drawNumbers(ex, context, plan, view);
  const [row, column] = [shown.rows.indexOf(focus.row), shown.columns.indexOf(focus.column)];
  if (row >= 0) frame(context, plan.left - view.x, plan.top - view.y + row * plan.cell, wide, plan.cell, theme);
  if (column >= 0) frame(context, plan.left - view.x + column * plan.cell, plan.top - view.y, plan.cell, high, theme);
  context.restore();
  drawQueries(ex, context, plan, view, focus.row);
  drawKeys(ex, context, plan, view, focus.column);
  drawAxisNames(ex, context, plan, view);
};

const drawNumbers = (ex, context, plan, view) => {
  const { shown, theme, palette } = ex;
  letters(context, theme, { mono: true, scale: 0.7 });
  if (context.measureText("0.00").width > plan.cell - 4) return;
  context.textAlign = "center";
  shown.rows.forEach((row, r) =>
    shown.columns.forEach((column, c) => {
      const weight = byteAt(ex, row, column);
      if (weight < Math.max(2, ex.least) || isMasked(ex.part, row, column)) return;
      const [x, y] = [plan.left + (c + 0.5) * plan.cell - view.x, plan.top + (r + 0.5) * plan.cell - view.y];
      if (y < plan.top - plan.cell || y > view.height + plan.cell) return;
      context.fillStyle = palette.onIt[weight];
      context.fillText((weight / 255).toFixed(2), x, y);
    }),
  );
};

// A light line within a dark one is seen on every colour of the map.
const frame = (context, x, y, width, height, theme) => {
  for (const [colour, thick] of [["#000000", 5], ["#ffffff", 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.strokeRect(x, y, width, height);
  }
};

// Yield which tokens have room for their name: where cells are small every third, say, and always the one in focus.
const named = (theme, cell, numbers, chosen) => {
  const every = Math.max(1, Math.ceil((theme.size * 1.15) / cell));
  const focus = numbers.indexOf(chosen);
  return [...numbers.keys()].filter(
    (at) => at === focus || (at % every === 0 && (focus < 0 || every === 1 || Math.abs(at - focus) >= every)),
  );
};

const drawQueries = (ex, context, plan, view, chosen) => {
  const { part, shown, theme } = ex;
  context.save();
  context.beginPath();
  context.rect(0, plan.top - theme.size * 0.6, plan.left, view.height - plan.top + theme.size * 0.6);
  context.clip();
  for (const at of named(theme, plan.cell, shown.rows, chosen)) {
    const [text, special] = part.queries[shown.rows[at]];
    const y = plan.top + (at + 0.5) * plan.cell - view.y;
    const isChosen = shown.rows[at] === chosen;
    letters(context, theme, { mono: true, italic: special, bold: isChosen });
    if (isChosen) box(context, plan.title, y, plan.left - plan.title - 3, theme.size * 1.5, theme.accent);
    context.fillStyle = isChosen ? theme.onAccent : theme.ink;
    writeToken(context, text, plan.left - theme.size * 0.4, y, plan.left - plan.title - theme.size * 0.5, "right");
  }
  context.restore();
};

const drawKeys = (ex, context, plan, view, chosen) => {
  const { part, shown, theme } = ex;
  context.save();
  context.beginPath();
  context.rect(plan.left - theme.size * 0.6, 0, view.width - plan.left + theme.size * 0.6, plan.top);
  context.clip();
  for (const at of named(theme, plan.cell, shown.columns, chosen)) {
    const [text, special] = part.keys[shown.columns[at]];
    const isChosen = shown.columns[at] === chosen;
    context.save();
    context.translate(plan.left + (at + 0.5) * plan.cell - view.x, plan.top);
    context.rotate(-Math.PI / 2);
    letters(context, theme, { mono: true, italic: special, bold: isChosen });
    if (isChosen) box(context, 3, 0, plan.top - plan.title - 3, theme.size * 1.5, theme.accent);
    context.fillStyle = isChosen ? theme.onAccent : theme.ink;
    writeToken(context, text, theme.size * 0.4, 0, plan.top - plan.title - theme.size * 0.5, "left");
    context.restore();
  }
  context.restore();
};

const drawAxisNames = (ex, context, plan, view) => {
  const [queries, keys] = axisNames(ex);
  const { theme } = ex;
  letters(context, theme, { scale: 0.85 });
  context.fillStyle = theme.soft;
  const [across, down] = [Math.min(view.width, plan.width) - plan.left, Math.min(view.height, plan.height) - plan.top];
  writeToken(context, `${keys} →`, plan.left, plan.title * 0.45, across, "left");
  context.save();
  context.translate(plan.title * 0.45, plan.top);
  context.rotate(-Math.PI / 2);
  writeToken(context, `← ${queries}`, 0, 0, down, "right");
  context.restore();
};

const cellUnder = (ex, plan, x, y) => {
  const [row, column] = [Math.floor((y - plan.top) / plan.cell), Math.floor((x - plan.left) / plan.cell)];
  const { rows, columns } = ex.shown;
  return {
    row: row >= 0 && row < rows.length ? rows[row] : null,
    column: column >= 0 && column < columns.length ? columns[column] : null,
  };
};

const placeInHeat = (ex, plan, { row, column }) => ({
  x: plan.left + Math.max(0, ex.shown.columns.indexOf(column)) * plan.cell,
  y: plan.top + Math.max(0, ex.shown.rows.indexOf(row)) * plan.cell,
  width: plan.cell,
  height: plan.cell,
});

const HEAT = { plan: planHeat, draw: drawHeat, under: cellUnder, place: placeInHeat };
