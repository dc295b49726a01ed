/** The radio: while it is on, the queue never ends, for what is like its seeds is put behind what is there. */

import { tr } from "./words.js";

const AHEAD = 3; // tracks to come below which it asks for more
const ASKED = 5; // tracks of one answer
const NOT_AGAIN = 200; // tracks of the queue that an answer may not name

/** `changed` tells that it was switched on or off. */
export class Radio extends EventTarget {
  #seed = null;
  #asking = false;

  constructor(app) {
    super();
    this.app = app;
    app.queue.addEventListener("changed", () => this.#fill());
  }

  get on() {
    return this.#seed !== null;
  }

  /** Go on from a track. */
  start(track) {
    this.#seed = track;
    this.app.say(tr("The radio goes on from {title}.", { title: track.title }));
    this.dispatchEvent(new Event("changed"));
    this.#fill();
  }

  stop() {
    this.#seed = null;
    this.app.say(tr("The radio is off."));
    this.dispatchEvent(new Event("changed"));
  }

  toggle() {
    const { track } = this.app.player;
    if (this.on) this.stop();
    else if (track) this.start(track);
    else this.app.say(tr("Play something first: the radio goes on from it."));
  }

  async #fill() {
    const { queue, api } = this.app;
    if (!this.on || this.#asking || queue.entries.length - queue.at - 1 >= AHEAD) return;
    this.#asking = true;
    try {
      const not = queue.entries.slice(-NOT_AGAIN).map((entry) => entry.track.id);
      const { rows } = await api.get("radio", { seed: this.#seed.id, not, size: ASKED });
      if (!this.on) return;
      if (rows.length) queue.add(rows, { source: "radio", seed: this.#seed.id });
      else this.#giveUp(tr("The radio knows nothing more that is like it."));
    } catch (error) {
      this.#giveUp(error.message);
    } finally {
      this.#asking = false;
    }
  }

  #giveUp(why) {
    this.#seed = null;
    this.app.say(why);
    this.dispatchEvent(new Event("changed"));
  }
}
