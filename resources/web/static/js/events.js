/** Follows what changes at the server, and comes back by itself after a lost connection. */

import { address } from "./api.js";

const KINDS = ["hello", "library", "model", "opinions", "plays", "playlists", "foryou", "remote"];
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

/**
 * Tells of changes as events named by kind, whose listeners ask the server what is other than before; `online` and
 * `offline` tell of the connection.
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
    for (const kind of KINDS) source.addEventListener(kind, () => this.dispatchEvent(new Event(kind)));
  }

  /**
   * Call `listener` after changes of these kinds. Returns what ends that.
   *
   * @param {string[]} kinds
   * @param {() => void} listener
   * @param {number} [after] milliseconds that it waits, since changes rarely come alone
   */
  on(kinds, listener, after = 0) {
    let timer = 0;
    const heard = () => {
      timer ||= setTimeout(() => {
        timer = 0;
        listener();
      }, after);
    };
    for (const kind of kinds) this.addEventListener(kind, heard);
    return () => {
      clearTimeout(timer);
      kinds.forEach((kind) => this.removeEventListener(kind, heard));
    };
  }

  /**
   * The same, where somebody waits to see it: `listener` is called at once, and what comes within `space` milliseconds
   * after that is one call more.
   *
   * @param {string[]} kinds
   * @param {() => void} listener
   * @param {number} space
   */
  onAtOnce(kinds, listener, space) {
    let timer = 0;
    let again = false;
    const call = () => {
      again = false;
      timer = setTimeout(() => {
        timer = 0;
        if (again) call();
      }, space);
      listener();
    };
    const heard = () => (timer ? (again = true) : call());
    for (const kind of kinds) this.addEventListener(kind, heard);
    return () => {
      clearTimeout(timer);
      kinds.forEach((kind) => this.removeEventListener(kind, heard));
    };
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
