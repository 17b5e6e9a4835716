// From the text in the page to weights, and which of them are shown.

const bytesOf = (text) => {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
  return bytes;
};

const unpack = async (text) => {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

// A label is [text, special, sequence]. `keys` is null where both axes are the same tokens.
const partsOf = (data, packs) =>
  data.parts.map((part) => ({
    ...part,
    keys: part.keys || part.queries,
    masked: part.kind === "causal" && !part.keys,
    weights: packs[part.pack],
  }));

const headOffset = (part, layer, head) => (layer * part.heads.length + head) * part.queries.length * part.keys.length;

const isMasked = (part, row, column) => part.masked && column > row;

// Return a weight as its byte; it is between 0 and 1 in steps of 1/255.
const byteAt = (ex, row, column) =>
  ex.part.weights[headOffset(ex.part, ex.layer, ex.head) + row * ex.part.keys.length + column];

// Return the numbers of the tokens that the filters leave: rows (queries) and columns (keys).
const shownTokens = (part, filters) => {
  const [from, to] = filters.between || [null, null];
  const hide = filters.hideSpecial || filters.between !== null;
  const kept = (labels, sequence) =>
    Int32Array.from(
      [...labels.keys()].filter(
        (at) => !(hide && labels[at][1]) && (sequence === null || labels[at][2] === sequence),
      ),
    );
  return { rows: kept(part.queries, from), columns: kept(part.keys, to) };
};

// Return one head in at most height × width cells, each the largest weight that falls into it: strong weights survive.
// -1 is where a causal mask forbids every weight; what is less than `least` counts as 0.
const pooled = (part, offset, shown, height, width, least) => {
  const { rows, columns } = shown;
  const cells = new Int16Array(height * width).fill(-1);
  const places = Int32Array.from(columns, (_, at) => Math.floor((at * width) / columns.length));
  for (let r = 0; r < rows.length; r++) {
    const line = Math.floor((r * height) / rows.length) * width;
    const start = offset + rows[r] * part.keys.length;
    for (let c = 0; c < columns.length; c++) {
      if (part.masked && columns[c] > rows[r]) break;
      const weight = part.weights[start + columns[c]];
      const value = weight < least ? 0 : weight;
      const cell = line + places[c];
      if (value > cells[cell]) cells[cell] = value;
    }
  }
  return cells;
};
