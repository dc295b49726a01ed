/** The points of the map: from what the server sends to what can be drawn, and found under a pointer. */

export const ENDS = 65_535; // the server's number for the far end of either axis
const GREY = "--faint";
const CELLS = 128; // along a side of the grid that finds points

/** @typedef {{name: string, hue: ?number, at: ?[number, number]}} Kind of music that has a colour; where its name stands */
/** @typedef {{version: string, count: number, x: Float32Array, y: Float32Array, kindOf: Uint8Array, kinds: Kind[]}} Points places are 0 to 1 */

/** What the server sends of the map, in arrays. @returns {Points} */
export function unpacked({ count, version, places, classes, classOf }) {
  if (!count) return { version: "", count: 0, x: new Float32Array(), y: new Float32Array(), kindOf: new Uint8Array(), kinds: [] };
  const view = new DataView(bytesOf(places).buffer);
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  for (let at = 0; at < count; at += 1) {
    x[at] = view.getUint16(4 * at, true) / ENDS;
    y[at] = view.getUint16(4 * at + 2, true) / ENDS;
  }
  return { version, count, x, y, kindOf: bytesOf(classOf), kinds: classes };
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
    *near(left, top, reach) {
      for (let row = cell(top - reach); row <= cell(top + reach); row += 1) {
        for (let column = cell(left - reach); column <= cell(left + reach); column += 1) yield* cells.get(row * CELLS + column) ?? [];
      }
    },
  };
}
