/** What the listener thinks of tracks: thumb, stars and heart, in every place that shows a track. */

import { h, iconButton, setIcon, setLabel, setPressed } from "./dom.js";
import { tr } from "./words.js";

const STARS = [1, 2, 3, 4, 5];

/** @typedef {{thumb?: ?number, rating?: ?number, favourite?: boolean}} Opinion */

/** Opinions as they are known here; `changed` tells of one, with the track's id in `detail`. */
export class Opinions extends EventTarget {
  /** @type {Map<string, Opinion>} */
  #said = new Map();

  /** @param {import("./api.js").Api} api @param {(text: string) => void} say */
  constructor(api, say) {
    super();
    this.api = api;
    this.say = say;
  }

  /** @param {import("./api.js").Track} track @returns {Opinion} */
  of(track) {
    const { thumb, rating, favourite } = track;
    return { thumb, rating, favourite, ...this.#said.get(track.id) };
  }

  /** Show it at once, tell the server, and take it back where that fails. */
  async set(track, opinion) {
    const before = this.#said.get(track.id);
    this.#know(track.id, { ...before, ...opinion });
    try {
      await this.api.post("opinions", { track: track.id, ...opinion });
    } catch (error) {
      this.#know(track.id, before);
      this.say(error.message);
    }
  }

  /** Another page or device said something: the server's tracks are right, what was said here may not be. */
  forget() {
    this.#said.clear();
  }

  #know(id, opinion) {
    if (opinion) this.#said.set(id, opinion);
    else this.#said.delete(id);
    this.dispatchEvent(new CustomEvent("changed", { detail: id }));
  }
}

/** A heart that can be given and taken. */
export function heart(opinions, track) {
  const made = iconButton("heart", "", () => opinions.set(track, { favourite: !opinions.of(track).favourite }));
  const dress = () => {
    const on = Boolean(opinions.of(track).favourite);
    setIcon(made, on ? "heart-fill" : "heart");
    setLabel(made, tr("Favourite"));
    setPressed(made, on);
  };
  return following(opinions, track, made, dress);
}

/** Thumbs up and down. */
export function thumbs(opinions, track) {
  const thumb = (value, glyph, label) => {
    const made = iconButton(glyph, label, () => opinions.set(track, { thumb: opinions.of(track).thumb === value ? 0 : value }));
    return following(opinions, track, made, () => {
      const on = opinions.of(track).thumb === value;
      setIcon(made, on ? `${glyph}-fill` : glyph);
      setPressed(made, on);
    });
  };
  return h("span", { class: "thumbs" }, thumb(1, "thumb-up", tr("Thumb up")), thumb(-1, "thumb-down", tr("Thumb down")));
}

/** Five stars; the one that is given is taken by choosing it again. */
export function stars(opinions, track) {
  const given = () => Math.round(opinions.of(track).rating ?? 0);
  const buttons = STARS.map((star) => {
    const label = star === 1 ? tr("1 star") : tr("{number} stars", { number: star });
    return iconButton("star", label, () => opinions.set(track, { rating: given() === star ? 0 : star }));
  });
  const made = h("span", { class: "stars", role: "group", "aria-label": tr("Rating") }, ...buttons);
  return following(opinions, track, made, () => {
    buttons.forEach((button, index) => {
      setIcon(button, index < given() ? "star-fill" : "star");
      setPressed(button, index + 1 === given());
    });
  });
}

/** Dress `made` at every change of the opinion of a track, for as long as it is in the page. */
function following(opinions, track, made, dress) {
  const changed = (event) => {
    if (!made.isConnected) opinions.removeEventListener("changed", changed);
    else if (event.detail === track.id) dress();
  };
  opinions.addEventListener("changed", changed);
  dress();
  return made;
}
