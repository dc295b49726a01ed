/** Follows what changes at the server, and comes back by itself after a lost connection. */

import { address } from "./api.js";

const KINDS = ["hello", "library", "model", "opinions", "plays", "playlists", "foryou", "remote"];
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

/**
 * Tells of changes as events named by kind, their `detail` being what the server said of them; `online` and `offline`
 * tell of the connection.
 */
export class Changes extends EventTarget {
  constructor() {
    super();
    this.wait = FIRST_WAIT;
    this.timer = 0;
    this.connected = false;
    this.source = null;
    window.addEventListener("online", () => this.#again(0));
  }

  open() {
    this.source?.close();
    const source = new EventSource(address("/api/events"));
    this.source = source;
    source.addEventListener("open", () => this.#set(true));
    source.addEventListener("error", () => this.#lost(source));
    for (const kind of KINDS) source.addEventListener(kind, (event) => this.#tell(kind, event.data));
  }

  /** Call `listener` with what was said, at every change of these kinds. Returns what ends that. */
  on(kinds, listener) {
    const heard = (event) => listener(event.detail);
    for (const kind of kinds) this.addEventListener(kind, heard);
    return () => kinds.forEach((kind) => this.removeEventListener(kind, heard));
  }

  #tell(kind, data) {
    let detail = {};
    try {
      detail = JSON.parse(data);
    } catch {
      // the kind alone says what to ask for again
    }
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  #set(connected) {
    if (connected) this.wait = FIRST_WAIT;
    if (connected === this.connected) return;
    this.connected = connected;
    this.dispatchEvent(new CustomEvent(connected ? "online" : "offline"));
  }

  #lost(source) {
    if (source !== this.source) return;
    source.close(); // the browser would come back every three seconds for ever, from every open page at once
    this.#set(false);
    this.#again(this.wait * (0.5 + Math.random()));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  #again(after) {
    if (this.source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), after);
  }
}
