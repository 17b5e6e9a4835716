// The head that is shown as a PNG: all of it, also what is scrolled out of sight, on the colour of the page.

const MOST_PIXELS = 24e6;

const paperOf = (node, dark) => {
  for (; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor;
    if (!/^transparent$|,\s*0\)$|\/\s*0\)$/.test(colour)) return colour;
  }
  return dark ? "#16181c" : "#ffffff";
};

const pictureOf = (ex) => {
  const { theme } = ex;
  const view = VIEWS[ex.view];
  const plan = view.plan(ex, ex.ui.window.clientWidth);
  const [margin, title] = [Math.round(theme.size), Math.round(theme.size * 2)];
  const foot = ex.view === "heat" ? title : 0;
  const [width, height] = [Math.max(plan.width, 20 * theme.size) + 2 * margin, plan.height + title + foot + 2 * margin];
  const canvas = document.createElement("canvas");
  const context = sized(canvas, width, height, Math.min(2, Math.sqrt(MOST_PIXELS / (width * height))));
  context.fillStyle = paperOf(ex.root, theme.dark);
  context.fillRect(0, 0, width, height);
  letters(context, theme, { bold: true });
  context.fillStyle = theme.ink;
  context.fillText(fitted(context, `${headName(ex)} · ${ex.part.title}`, width - 2 * margin), margin, margin + title / 3);
  if (foot) drawRamp(ex, context, margin, height - margin - theme.size / 2);
  context.translate(margin, margin + title);
  view.draw(ex, context, plan, { x: 0, y: 0, width: plan.width, height: plan.height });
  return canvas;
};

const drawRamp = ({ theme, palette }, context, x, y) => {
  letters(context, theme, { scale: 0.85 });
  context.fillText("weight 0", x, y);
  const from = x + context.measureText("weight 0 ").width;
  palette.css.forEach((colour, at) => {
    context.fillStyle = colour;
    context.fillRect(from + at / 2, y - theme.size * 0.4, 1, theme.size * 0.8);
  });
  context.fillStyle = theme.ink;
  context.fillText("1", from + 128 + theme.size * 0.3, y);
};

const savePicture = (ex) =>
  pictureOf(ex).toBlob((blob) => {
    const name = `attention_layer_${ex.part.layers[ex.layer]}_head_${ex.part.heads[ex.head]}.png`;
    const link = element("a", { href: URL.createObjectURL(blob), download: name });
    ex.ui.app.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
