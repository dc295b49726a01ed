/** What the listener thinks of tracks: thumb, stars and heart, in every place that shows a track. */

import { h, iconButton, setIcon, setLabel, setPressed } from "./dom.js";
import { tr } from "./words.js";

const STARS = [1, 2, 3, 4, 5];
const ASKED_ANEW = 8; // tracks of which something was said here last

/** @typedef {{thumb?: ?number, rating?: ?number, favourite?: boolean}} Opinion */

/** Opinions as they are known here; `changed` tells of one, with the track's id in `detail`. */
export class Opinions extends EventTarget {
  /** @type {Map<string, Opinion>} */
  #said = new Map();
  /** @type {Set<string>} tracks of which the server is being told */
  #telling = new Set();

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
    this.#telling.add(track.id);
    try {
      await this.api.post("opinions", { track: track.id, ...opinion });
    } catch (error) {
      this.#know(track.id, before);
      this.say(error.message);
    } finally {
      this.#telling.delete(track.id);
    }
  }

  /**
   * Something was said, here or at another page or device: ask what it is of what plays and of what was said here last.
   * What lists and the queue hold of a track is as old as they are.
   *
   * @param {?import("./api.js").Track} playing
   */
  async renew(playing) {
    const asked = new Set([...this.#said.keys()].slice(-ASKED_ANEW));
    if (playing) asked.add(playing.id);
    await Promise.all([...asked].map((id) => this.#ask(id)));
  }

  async #ask(id) {
    const before = this.#said.get(id);
    try {
      const { thumb, rating, favourite } = await this.api.get(`tracks/${id}`);
      if (this.#said.get(id) === before && !this.#telling.has(id)) this.#know(id, { thumb, rating, favourite });
    } catch (error) {
      console.warn("an opinion cannot be asked for", error.message); // what is known stays
    }
  }

  #know(id, opinion) {
    this.#said.delete(id);
    if (opinion) this.#said.set(id, opinion); // last
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
