// All heads at once: layers down, heads across, on one canvas. Two boxes on top mark the chosen head and the one pointed at.

const GAP = 3;

const planOverview = (ex, room) => {
  const { part, shown, theme } = ex;
  const context = ex.ui.overview.getContext("2d");
  letters(context, theme, { scale: 0.72 });
  const letter = Math.max(13, theme.size * 0.72);
  const left = Math.ceil(letter * 1.6 + widest(context, part.layers.map(String)) + 8);
  const top = Math.ceil(letter * 3);
  const aspect = clamp(shown.rows.length / Math.max(1, shown.columns.length), 0.4, 2.5);
  const across = Math.floor((room - left) / part.heads.length) - GAP;
  const down = Math.floor((ex.tallest - top) / part.layers.length / aspect) - GAP;
  const least = Math.max(20, widest(context, part.heads) + 2);
  const wide = Math.floor(clamp(Math.min(across, down), least, 120));
  const high = Math.max(20, Math.round(wide * aspect));
  return {
    left, top, wide, high, letter,
    width: left + part.heads.length * (wide + GAP),
    height: top + part.layers.length * (high + GAP),
  };
};

const drawOverview = (ex) => {
  const { part, ui, theme } = ex;
  const plan = (ex.overviewPlan = planOverview(ex, ui.views.clientWidth * (ex.wide ? 0.46 : 1)));
  const ratio = window.devicePixelRatio || 1;
  const context = sized(ui.overview, plan.width, plan.height, ratio);
  if (ex.shown.rows.length && ex.shown.columns.length) drawTiles(ex, context, plan, ratio);
  letters(context, theme, { scale: 0.72 });
  context.fillStyle = theme.soft;
  context.textAlign = "center";
  part.heads.forEach((name, at) => context.fillText(name, plan.left + at * (plan.wide + GAP) + plan.wide / 2, plan.letter * 2.2));
  context.textAlign = "right";
  part.layers.forEach((name, at) => context.fillText(name, plan.left - 6, plan.top + at * (plan.high + GAP) + plan.high / 2));
  context.textAlign = "left";
  context.fillText("head →", plan.left, plan.letter * 0.75);
  context.translate(plan.letter * 0.75, plan.top);
  context.rotate(-Math.PI / 2);
  context.textAlign = "right";
  context.fillText("← layer", 0, 0);
  placeMarks(ex);
};

const drawTiles = (ex, context, plan, ratio) => {
  const { part, shown, palette } = ex;
  const [wide, high] = [Math.round(plan.wide * ratio), Math.round(plan.high * ratio)];
  const [width, height] = [Math.min(wide, shown.columns.length), Math.min(high, shown.rows.length)];
  const columns = Int32Array.from({ length: wide }, (_, x) => Math.floor((x * width) / wide));
  const image = context.createImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  for (let layer = 0; layer < part.layers.length; layer++) {
    for (let head = 0; head < part.heads.length; head++) {
      const cells = pooled(part, headOffset(part, layer, head), shown, height, width, ex.least);
      for (let y = 0, at = 0; y < high; y++) {
        const line = Math.floor((y * height) / high) * width;
        for (let x = 0; x < wide; x++, at++) {
          const cell = cells[line + columns[x]];
          pixels[at] = cell < 0 ? 0 : palette.pixels[cell];
        }
      }
      const [x, y] = [plan.left + head * (plan.wide + GAP), plan.top + layer * (plan.high + GAP)];
      context.putImageData(image, Math.round(x * ratio), Math.round(y * ratio));
    }
  }
};

const placeMarks = (ex) => {
  const place = (mark, layer, head) => {
    const { left, top, wide, high } = ex.overviewPlan;
    mark.style.left = `${left + head * (wide + GAP)}px`;
    mark.style.top = `${top + layer * (high + GAP)}px`;
    mark.style.width = `${wide}px`;
    mark.style.height = `${high}px`;
  };
  place(ex.ui.chosen, ex.layer, ex.head);
  ex.ui.pointed.hidden = !ex.pointed;
  if (ex.pointed) place(ex.ui.pointed, ex.pointed.layer, ex.pointed.head);
};

const headUnder = (ex, event) => {
  const plan = ex.overviewPlan;
  const head = Math.floor((event.offsetX - plan.left) / (plan.wide + GAP));
  const layer = Math.floor((event.offsetY - plan.top) / (plan.high + GAP));
  const there = head >= 0 && layer >= 0 && head < ex.part.heads.length && layer < ex.part.layers.length;
  return there ? { layer, head } : null;
};

const HEAD_STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const listenToOverview = (ex) => {
  const { overview } = ex.ui;
  const point = (place) => {
    ex.pointed = place;
    overview.title = place ? headName(ex, place.layer, place.head) : "";
    placeMarks(ex);
  };
  overview.addEventListener("mousemove", (event) => point(headUnder(ex, event)));
  overview.addEventListener("mouseleave", () => point(null));
  overview.addEventListener("click", (event) => {
    const place = headUnder(ex, event);
    if (place) choose(ex, place);
  });
  overview.addEventListener("keydown", (event) => {
    const last = { layer: ex.part.layers.length - 1, head: ex.part.heads.length - 1 };
    const step = HEAD_STEPS[event.key];
    const ends = { Home: { layer: 0, head: 0 }, End: last };
    const place = step
      ? { layer: clamp(ex.layer + step[0], 0, last.layer), head: clamp(ex.head + step[1], 0, last.head) }
      : ends[event.key];
    if (place) own(event, () => choose(ex, place));
  });
};
