/** Measures how much of a track was heard, and tells the server of every play exactly once. */

const KEPT = "segue.play."; // with the id: pages beside each other never write to the same key
const SESSION = "segue.session";
const WRITE_EVERY = 5_000;
const SESSION_PAUSE = 1_800; // seconds; as the desktop has it
const ABANDONED = 600; // seconds without a sign of the page that a play belongs to
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 120_000;

/** A random id as the database has them, 24 hexadecimal digits. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A stopwatch that runs while a track sounds: seconds of the track. */
class Listening {
  #before = 0;
  #since = null;

  /** @param {() => number} now seconds of a clock that never goes back */
  constructor(now = () => performance.now() / 1000) {
    this.now = now;
  }

  get heard() {
    return this.#before + (this.#since === null ? 0 : this.now() - this.#since);
  }

  run() {
    this.#since ??= this.now();
  }

  hold() {
    this.#before = this.heard;
    this.#since = null;
  }
}

/**
 * Plays on their way to the server. Each is in `localStorage` from its first second until the server has it, under an
 * id that the server knows it by if it comes twice, so that neither a lost connection nor a closed page loses one.
 */
export class Plays {
  #open = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #sending = false;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.api = api;
    setInterval(() => this.#write(), WRITE_EVERY);
    window.addEventListener("pagehide", () => this.#leave());
    window.addEventListener("online", () => this.send());
  }

  /**
   * A track begins.
   *
   * @param {string} track id
   * @param {{source: string, seed?: string, position?: number}} how it came to be played
   */
  begin(track, how) {
    this.end();
    const at = Date.now() / 1000;
    const play = { id: newId(), track, at, heard: 0, source: how.source, client: "web", session: sessionAt(at) };
    if (how.seed) play.seed = how.seed;
    if (how.position !== undefined) play.position = how.position;
    this.#open = { play, watch: new Listening() };
  }

  /** The track sounds from here on. */
  run() {
    this.#open?.watch.run();
  }

  /** It is silent from here on: paused, or waiting for the network. */
  hold() {
    this.#open?.watch.hold();
  }

  /** The track is left: what was heard of it is told, where anything was. */
  end() {
    const open = this.#open;
    if (!open) return;
    open.watch.hold();
    this.#open = null;
    this.#keep(open, true);
    this.send();
  }

  /** Tell the server what it is yet to hear of; again later where it does not answer. */
  async send() {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#timer);
    try {
      for (const kept of waiting()) await this.#tell(kept);
      this.#wait = FIRST_WAIT;
    } catch {
      this.#timer = setTimeout(() => this.send(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    } finally {
      this.#sending = false;
    }
  }

  async #tell(kept) {
    try {
      await this.api.post("plays", kept.play, { keepalive: true });
    } catch (error) {
      if (error.passes || error.status === 401) throw error;
      console.warn("the server refuses a play for good", kept.play, error.message);
    }
    localStorage.removeItem(KEPT + kept.play.id);
  }

  #write() {
    if (this.#open) this.#keep(this.#open, false);
  }

  #leave() {
    if (!this.#open) return;
    this.#keep(this.#open, true);
    if (this.#open.watch.heard > 0) this.api.post("plays", this.#open.play, { keepalive: true }).catch(() => {});
  }

  #keep(open, closed) {
    open.play.heard = Math.round(open.watch.heard * 100) / 100;
    if (open.play.heard <= 0) return;
    localStorage.setItem(KEPT + open.play.id, JSON.stringify({ play: open.play, closed, touched: Date.now() / 1000 }));
    localStorage.setItem(SESSION, JSON.stringify({ id: open.play.session, until: Date.now() / 1000 }));
  }
}

/** Plays that are over: closed, or of a page that is gone. */
function waiting() {
  const now = Date.now() / 1000;
  return stored().filter((kept) => kept.closed || now - kept.touched > ABANDONED);
}

function stored() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
  return keys.map((key) => parsed(key)).filter((kept) => kept.play?.id);
}

function parsed(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {}; // damaged by hand: there is nothing in it to save
  }
}

function sessionAt(at) {
  const last = parsed(SESSION);
  return last.id && at - last.until < SESSION_PAUSE ? last.id : newId();
}
