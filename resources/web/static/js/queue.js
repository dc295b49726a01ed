/** What plays now and next: an order of tracks without sound. */

const WRITE_AFTER = 1_000;
const SHUFFLE = "segue.shuffle";
const REPEAT = "segue.repeat";
const PLACE = "segue.place"; // of a page that is loaded anew: what it wrote as it left may reach the server after it asked
const PLACE_HOLDS = 60_000; // milliseconds
export const REPEATS = ["off", "all", "one"];

/**
 * How a track came into the queue, which its play tells the server.
 * @typedef {{source: string, seed?: string, position?: number}} How
 */

/** @typedef {{key: number, track: import("./api.js").Track, how: How}} Entry */

/**
 * `changed` tells of every change of what is in it or current; `current` that another entry is current, `detail.play`
 * being whether it is to sound.
 */
export class Queue extends EventTarget {
  /** @type {Entry[]} */
  entries = [];
  at = -1;
  shuffle = localStorage.getItem(SHUFFLE) === "yes";
  repeat = REPEATS.find((each) => each === localStorage.getItem(REPEAT)) ?? "off";
  #next = 1;
  #before = null; // the order before it was shuffled
  #timer = 0;

  /** @param {import("./api.js").Api} api @param {() => number} position seconds into the track that plays */
  constructor(api, position) {
    super();
    this.api = api;
    this.position = position;
  }

  get current() {
    return this.entries[this.at] ?? null;
  }

  /** What sounds after the current entry by itself, null for nothing. */
  get upcoming() {
    if (this.repeat === "one") return this.current;
    return this.entries[this.at + 1] ?? (this.repeat === "all" ? (this.entries[0] ?? null) : null);
  }

  /** Play these tracks in place of what is there, from one of them on. */
  play(tracks, from, how) {
    this.#before = null;
    this.entries = this.#made(tracks, how);
    this.at = Math.min(Math.max(from, 0), this.entries.length - 1);
    if (this.shuffle) this.#shuffleRest();
    this.#moved(true);
  }

  /** Put tracks behind the current one. Returns how many. */
  addNext(tracks, how) {
    this.entries.splice(this.at + 1, 0, ...this.#made(tracks, how));
    return this.#added(tracks);
  }

  /** Put tracks at the end. Returns how many. */
  add(tracks, how) {
    this.entries.push(...this.#made(tracks, how));
    return this.#added(tracks);
  }

  jump(index) {
    if (!this.entries[index]) return;
    this.at = index;
    this.#moved(true);
  }

  /** Go on to the entry after this one; `asked` by a person, who leaves a track that repeats. Returns whether there is one. */
  next(asked = true) {
    const last = this.at + 1 >= this.entries.length;
    if (this.repeat === "one" && !asked) return this.#stay();
    if (last && this.repeat !== "all") return false;
    this.at = last ? 0 : this.at + 1;
    this.#moved(true);
    return true;
  }

  previous() {
    if (this.at > 0) this.jump(this.at - 1);
    else if (this.repeat === "all") this.jump(this.entries.length - 1);
    else this.#stay();
  }

  remove(index) {
    const playing = index === this.at;
    this.entries.splice(index, 1);
    if (index < this.at) this.at -= 1;
    this.at = Math.min(this.at, this.entries.length - 1);
    if (playing) this.#moved(true);
    else this.#changed();
  }

  move(from, to) {
    const current = this.current;
    const [entry] = this.entries.splice(from, 1);
    this.entries.splice(to, 0, entry);
    this.at = this.entries.indexOf(current);
    this.#changed();
  }

  /** Take everything out but what plays. */
  clear() {
    this.entries = this.current ? [this.current] : [];
    this.at = this.entries.length - 1;
    this.#before = null;
    this.#changed();
  }

  setShuffle(on) {
    this.shuffle = on;
    localStorage.setItem(SHUFFLE, on ? "yes" : "no");
    if (on) this.#shuffleRest();
    else this.#unshuffle();
    this.#changed();
  }

  setRepeat(repeat) {
    this.repeat = repeat;
    localStorage.setItem(REPEAT, repeat);
    this.#changed();
  }

  /** The queue that was left on another device, at rest. Returns the seconds into its track. */
  async load() {
    const kept = await this.api.get("queue");
    if (this.entries.length || !kept.tracks.length) return 0;
    this.entries = this.#made(kept.tracks, { source: "queue" });
    this.at = kept.index ?? 0;
    this.dispatchEvent(new CustomEvent("current", { detail: { play: false } }));
    this.dispatchEvent(new Event("changed"));
    return this.#placeLeft() ?? kept.seconds;
  }

  /** Keep it at the server, a little after the last change. */
  save() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), WRITE_AFTER);
  }

  /** The page may be gone for good: keep where it is now, where it plays or a change is yet to be kept. */
  leave(playing) {
    if (playing) sessionStorage.setItem(PLACE, [this.current?.track.id, this.position(), Date.now()].join(" "));
    if (playing || this.#timer) this.#write({ keepalive: true });
  }

  /** The seconds at which this page was left just now, null where that was another track or long ago. */
  #placeLeft() {
    const [track, seconds, at] = (sessionStorage.getItem(PLACE) ?? "").split(" ");
    sessionStorage.removeItem(PLACE);
    const holds = track === this.current?.track.id && Date.now() - Number(at) < PLACE_HOLDS;
    return holds ? Number(seconds) : null;
  }

  #write(options = {}) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const tracks = this.entries.map((entry) => entry.track.id);
    const kept = { tracks, index: this.at < 0 ? null : this.at, seconds: this.position(), client: "web" };
    this.api.put("queue", kept, options).catch((error) => console.warn("the queue is not kept", error.message));
  }

  #made(tracks, how) {
    return tracks.map((track, index) => ({ key: this.#next++, track, how: { position: index, ...how } }));
  }

  #added(tracks) {
    if (this.at < 0 && this.entries.length) {
      this.at = 0;
      this.#moved(false);
    } else this.#changed();
    return tracks.length;
  }

  #stay() {
    this.#moved(true);
    return true;
  }

  #shuffleRest() {
    this.#before = [...this.entries];
    const rest = this.entries.splice(this.at + 1);
    for (let last = rest.length - 1; last > 0; last -= 1) {
      const other = Math.floor(Math.random() * (last + 1));
      [rest[last], rest[other]] = [rest[other], rest[last]];
    }
    this.entries.push(...rest);
  }

  #unshuffle() {
    if (!this.#before) return;
    const [current, there] = [this.current, new Set(this.entries)];
    const old = this.#before.filter((entry) => there.has(entry));
    const known = new Set(old);
    this.entries = [...old, ...this.entries.filter((entry) => !known.has(entry))];
    this.at = this.entries.indexOf(current);
    this.#before = null;
  }

  #moved(play) {
    this.dispatchEvent(new CustomEvent("current", { detail: { play } }));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
    this.save();
  }
}
