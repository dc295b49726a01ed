/** The points of the map: from what the server sends to what can be drawn, and found under a pointer. */

export const ENDS = 65_535; // the server's number for the far end of either axis
const GREY = "--faint";
const CELLS = 128; // along a side of the grid that finds points

/** @typedef {{name: string, hue: ?number, at: ?[number, number]}} Kind of music that has a colour; where its name stands */
/** @typedef {{version: string, count: number, x: Float32Array, y: Float32Array, kindOf: Uint8Array, kinds: Kind[], extent: [number, number], frame: import("./mapframe.js").Frame}} Points places are shares of the extent, 0 to 1 */

/** What the server sends of the map, in arrays. @returns {Points} */
export function unpacked({ count, version, places, classes, classOf, extent, frame }) {
  if (!count) return { version: "", count: 0, x: new Float32Array(), y: new Float32Array(), kindOf: new Uint8Array(), kinds: [], extent: [1, 1], frame: null };
  const view = new DataView(bytesOf(places).buffer);
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  for (let at = 0; at < count; at += 1) {
    x[at] = view.getUint16(4 * at, true) / ENDS;
    y[at] = view.getUint16(4 * at + 2, true) / ENDS;
  }
  return { version, count, x, y, kindOf: bytesOf(classOf), kinds: classes, extent, frame };
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** Numbers of points by the property that has their colour, so that each colour is set once. */
export function groupsOf({ count, kindOf, kinds }) {
  const groups = new Map();
  const hueOf = kinds.map(({ hue }) => (hue === null ? GREY : `--hue-${hue}`));
  for (let at = 0; at < count; at += 1) {
    const hue = hueOf[kindOf[at]] ?? GREY;
    if (groups.has(hue)) groups.get(hue).push(at);
    else groups.set(hue, [at]);
  }
  return groups;
}

/** Finds the points near a place without looking at all of them. */
export function gridOf({ count, x, y }) {
  const cells = new Map();
  const cell = (value) => Math.min(CELLS - 1, Math.max(0, Math.floor(value * CELLS)));
  for (let at = 0; at < count; at += 1) {
    const key = cell(y[at]) * CELLS + cell(x[at]);
    if (cells.has(key)) cells.get(key).push(at);
    else cells.set(key, [at]);
  }
  return {
    *near(left, top, across, down) {
      for (let row = cell(top - down); row <= cell(top + down); row += 1) {
        for (let column = cell(left - across); column <= cell(left + across); column += 1) yield* cells.get(row * CELLS + column) ?? [];
      }
    },
  };
}

/** Squares of `side` pixels around points, written as pixels: a hundred thousand calls of the canvas take most of a second.
 * `view` says what is in the middle, and how many pixels the whole is wide and high. */
export function paintSquares(pen, { x, y }, groups, colours, side, view) {
  const { width, height } = pen.canvas;
  const image = pen.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const [across, down] = [(width - side) / 2 - view.x * view.across, (height - side) / 2 - view.y * view.down];
  for (const [hue, numbers] of groups) {
    const colour = pixelOf(colours.get(hue));
    for (const at of numbers) {
      const left = Math.round(x[at] * view.across + across);
      const top = Math.round(y[at] * view.down + down);
      if (left < 0 || top < 0 || left + side > width || top + side > height) continue;
      for (let row = top; row < top + side; row += 1) pixels.fill(colour, row * width + left, row * width + left + side);
    }
  }
  pen.putImageData(image, 0, 0);
}

/** A colour such as #3177f4 as a pixel holds it on every machine that browsers run on: red in the lowest byte. */
function pixelOf(colour) {
  const value = parseInt(colour.trim().slice(1), 16);
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}
