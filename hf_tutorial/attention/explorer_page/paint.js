// Colours, letters and canvases.

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const RIGHT_TO_LEFT = /^[^A-Za-z]*[\u0591-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc]/;
const MONO = 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, "Noto Color Emoji", monospace';

const luminance = (rgb) => {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

// Return a CSS colour as three numbers, whatever notation the page uses.
const rgbOf = (colour) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
};

// The colours are those of the text around: whatever makes a notebook dark makes the explorer dark.
const themeOf = (root) => {
  const style = getComputedStyle(root);
  const ink = rgbOf(style.color);
  const dark = luminance(ink) > 0.4;
  const shade = (alpha) => `rgba(${ink.join(", ")}, ${alpha})`;
  return {
    dark,
    ink: shade(1),
    soft: shade(0.8),
    line: shade(0.3),
    accent: dark ? "#7cc4ff" : "#0b62a8",
    onAccent: dark ? "#0b1a28" : "#ffffff",
    bar: dark ? "rgba(124, 196, 255, 0.38)" : "rgba(11, 98, 168, 0.22)",
    size: parseFloat(style.fontSize),
    face: style.fontFamily,
  };
};

// Return the 256 colours as numbers for ImageData and as text for CSS, and black or white for letters on each.
const paletteOf = (text) => {
  const bytes = bytesOf(text);
  const rgb = Array.from({ length: 256 }, (_, at) => [...bytes.slice(3 * at, 3 * at + 3)]);
  const pixels = new Uint32Array(rgb.map(([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0));
  const onIt = rgb.map((colour) => (luminance(colour) > 0.179 ? "#000000" : "#ffffff"));
  const css = rgb.map((colour) => `rgb(${colour.join(", ")})`);
  const stops = [0, 32, 64, 96, 128, 159, 191, 223, 255].map((at) => css[at]);
  return { pixels, onIt, css, gradient: `linear-gradient(to right, ${stops.join(", ")})` };
};

// Give `canvas` a size in CSS pixels, and return its cleared context.
const sized = (canvas, width, height, ratio = window.devicePixelRatio || 1) => {
  const [across, down] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.textBaseline = "middle";
  return context;
};

const letters = (context, theme, { scale = 1, mono = false, bold = false, italic = false } = {}) => {
  const style = `${italic ? "italic " : ""}${bold ? "600 " : ""}`;
  context.font = `${style}${Math.max(13, theme.size * scale)}px ${mono ? MONO : theme.face}`;
};

// Return as much of `text` as fits into `room` pixels.
const fitted = (context, text, room) => {
  if (context.measureText(text).width <= room) return text;
  const characters = Array.from(text);
  let [low, high] = [0, characters.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(characters.slice(0, middle).join("") + "…").width <= room) low = middle;
    else high = middle - 1;
  }
  return characters.slice(0, low).join("") + "…";
};

// Write the text of a token; `align` is left or right whatever the direction of its script.
const writeToken = (context, text, x, y, room, align) => {
  context.direction = RIGHT_TO_LEFT.test(text) ? "rtl" : "ltr";
  context.textAlign = align;
  context.fillText(fitted(context, text, room), x, y);
  context.direction = "ltr";
};

const widest = (context, texts) => texts.reduce((most, text) => Math.max(most, context.measureText(text).width), 0);

// Put `cells` of -1 (clear) to 255 on a canvas of their own, `scale` being one canvas pixel for each.
const imageOf = (cells, width, height, palette) => {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let at = 0; at < cells.length; at++) pixels[at] = cells[at] < 0 ? 0 : palette.pixels[cells[at]];
  context.putImageData(image, 0, 0);
  return canvas;
};
