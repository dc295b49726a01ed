/** How the map fills its page, by the numbers that the server sends: as the window does it. */

/** @typedef {{air: number, apart: number, worth: number}} Frame share of a side that is used; how far axes are scaled apart; what a turn has to be worth */

/** How many pixels wide and high the map is on a page of this size, and whether it is turned by a quarter; as
 * `map_frame.py` has it for the window. */
export function fitted({ extent, frame }, width, height) {
  const along = scalesFor(extent, frame, width, height);
  const upright = scalesFor(extent, frame, height, width);
  const turned = upright[0] * upright[1] > frame.worth * along[0] * along[1];
  const scales = turned ? upright : along;
  const sides = [scales[0] * extent[0], scales[1] * extent[1]];
  return { turned, across: sides[turned ? 1 : 0], down: sides[turned ? 0 : 1] };
}

function scalesFor(extent, { air, apart }, width, height) {
  const [across, down] = [(air * width) / extent[0], (air * height) / extent[1]];
  return [Math.min(across, apart * down), Math.min(down, apart * across)];
}

/** The same points with their axes exchanged. @param {Points} points @returns {Points} */
export function turnedBy(points) {
  const kinds = points.kinds.map((kind) => ({ ...kind, at: kind.at && [kind.at[1], kind.at[0]] }));
  return { ...points, x: points.y, y: points.x, kinds, extent: [points.extent[1], points.extent[0]] };
}
