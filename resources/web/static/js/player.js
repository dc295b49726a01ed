/** Makes the queue sound: two audio elements, of which the second has the next track ready before the first one ends. */

import { address } from "./api.js";

const HAND_OVER_FROM = 1; // seconds before the end from which on the end is awaited by a timer
const START_TAKES = 0.02; // seconds from `play()` to the first sample of an element that has its data
const RUNS_OUT = 0.1; // seconds of a track that still sound while the next one begins
const BACK_TO_START = 4; // seconds into a track until which "previous" means the one before
const KINDS = {
  mp3: "audio/mpeg",
  flac: "audio/flac",
  wav: "audio/wav",
  ogg: 'audio/ogg; codecs="vorbis"',
  oga: 'audio/ogg; codecs="vorbis"',
  opus: 'audio/ogg; codecs="opus"',
  m4a: 'audio/mp4; codecs="mp4a.40.2"',
}; // by suffix, as `canPlayType` has it
const VOLUME = "segue.volume";
const LEVELLED = "segue.levelled";

/**
 * Events: `track` (another one is current, or none), `state` (plays or rests), `time` (position moved), `volume`,
 * `trouble` with the track in `detail`.
 */
export class Player extends EventTarget {
  #voices = [];
  #now = 0; // the voice that sounds
  #prepared = null; // the entry that the other voice has ready
  #entry = null;
  #wanted = false; // whether it should sound
  #timer = 0;
  #context = null;
  #failed = 0; // tracks in a row that did not play

  /** @param {import("./queue.js").Queue} queue @param {import("./plays.js").Plays} plays */
  constructor(queue, plays) {
    super();
    this.queue = queue;
    this.plays = plays;
    this.levelled = localStorage.getItem(LEVELLED) === "yes";
    this.#voices = [this.#voice(), this.#voice()];
    this.volume = Number(localStorage.getItem(VOLUME) ?? 1);
    queue.addEventListener("current", (event) => this.#onCurrent(event.detail.play));
    queue.addEventListener("changed", () => this.#prepare());
    document.addEventListener("visibilitychange", () => document.hidden && queue.leave(this.playing));
  }

  /** @returns {?import("./api.js").Track} */
  get track() {
    return this.#entry?.track ?? null;
  }

  get playing() {
    return this.#wanted && this.track !== null;
  }

  get position() {
    return this.#voices[this.#now]?.audio.currentTime ?? 0;
  }

  get seconds() {
    const measured = this.#voices[this.#now].audio.duration;
    return Number.isFinite(measured) && measured > 0 ? measured : (this.track?.seconds ?? 0);
  }

  get volume() {
    return this.#voices[0].audio.volume;
  }

  set volume(value) {
    const wanted = Math.min(1, Math.max(0, value));
    for (const voice of this.#voices) voice.audio.volume = wanted;
    localStorage.setItem(VOLUME, String(wanted));
    this.#tell("volume");
  }

  get muted() {
    return this.#voices[0].audio.muted;
  }

  set muted(value) {
    for (const voice of this.#voices) voice.audio.muted = value;
    this.#tell("volume");
  }

  /** Whether tracks sound equally loud, by the gain that is known of them. */
  setLevelled(on) {
    this.levelled = on;
    localStorage.setItem(LEVELLED, on ? "yes" : "no");
    for (const voice of this.#voices) this.#level(voice);
  }

  play() {
    if (!this.track) return;
    this.#wanted = true;
    this.#wakeSound();
    this.#start(this.#voices[this.#now]);
    this.#tell("state");
  }

  pause() {
    this.#wanted = false;
    this.#voices[this.#now].audio.pause();
    this.#tell("state");
    this.queue.save();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  next() {
    if (!this.queue.next()) this.#finish();
  }

  /** The track before; a little into a track, its beginning. */
  previous() {
    if (this.position > BACK_TO_START) this.seek(0);
    else this.queue.previous();
  }

  seek(seconds) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#voices[this.#now].audio.currentTime = Math.min(Math.max(0, seconds), Math.max(0, this.seconds - 0.1));
    this.#tell("time");
  }

  #voice() {
    const audio = new Audio();
    audio.preload = "auto";
    const voice = { audio, entry: null, gain: null };
    const isNow = () => this.#voices[this.#now] === voice;
    audio.addEventListener("playing", () => isNow() && this.#onSounding());
    for (const silent of ["pause", "waiting", "emptied"]) {
      audio.addEventListener(silent, () => isNow() && this.plays.hold());
    }
    audio.addEventListener("timeupdate", () => isNow() && this.#onTime(voice));
    audio.addEventListener("durationchange", () => isNow() && this.#tell("time"));
    audio.addEventListener("ended", () => (isNow() ? this.#handOver() : this.#prepare()));
    audio.addEventListener("error", () => isNow() && voice.entry && this.#onTrouble(voice.entry.track));
    return voice;
  }

  #onCurrent(play) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.plays.end();
    this.#entry = this.queue.current;
    const left = this.#voices[this.#now].audio;
    if (left.duration - left.currentTime > RUNS_OUT || !this.#prepared) left.pause();
    if (this.#entry) this.#take(this.#entry, play);
    else this.#finish();
  }

  #take(entry, play) {
    if (this.#prepared === entry) this.#now = 1 - this.#now;
    this.#prepared = null;
    const voice = this.#voices[this.#now];
    if (voice.entry !== entry) this.#load(voice, entry);
    else if (voice.audio.currentTime > 0) voice.audio.currentTime = 0;
    this.plays.begin(entry.track.id, entry.how);
    this.#tell("track");
    if (play) this.play();
    this.#tell("time");
  }

  #load(voice, entry) {
    voice.entry = entry;
    voice.audio.src = soundOf(entry.track);
    voice.audio.load();
    this.#level(voice);
  }

  async #start(voice) {
    try {
      await voice.audio.play();
    } catch (error) {
      if (error.name !== "NotAllowedError") return; // told by the element's own `error`, or left for another track
      this.#wanted = false; // the browser wants a gesture first
      this.#tell("state");
    }
  }

  #prepare() {
    const upcoming = this.queue.upcoming;
    const same = upcoming === this.#entry; // a track that repeats starts anew in its own voice
    const wanted = same ? null : upcoming;
    if (wanted === this.#prepared || !this.#wanted) return;
    const other = this.#voices[1 - this.#now];
    if (!other.audio.paused && !other.audio.ended) return; // the end of the track before; asked again when it is over
    this.#prepared = wanted;
    if (wanted) this.#load(other, wanted);
  }

  #onSounding() {
    this.#failed = 0;
    this.plays.run();
    this.#prepare();
  }

  #onTime(voice) {
    const left = voice.audio.duration - voice.audio.currentTime;
    if (left < HAND_OVER_FROM && this.#prepared && !this.#timer && this.playing) {
      this.#timer = setTimeout(() => this.#handOver(), Math.max(0, (left - START_TAKES) * 1000));
    }
    this.#tell("time");
  }

  #handOver() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#wanted) return;
    if (!this.queue.next(false)) this.#finish();
  }

  #finish() {
    this.plays.end();
    this.#wanted = false;
    this.#voices[this.#now].audio.pause();
    if (this.#entry) {
      this.seek(0);
      this.plays.begin(this.#entry.track.id, this.#entry.how);
    } else this.#tell("track");
    this.#tell("state");
  }

  #onTrouble(track) {
    this.plays.hold();
    this.#failed += 1;
    this.dispatchEvent(new CustomEvent("trouble", { detail: track }));
    if (this.#failed >= this.queue.entries.length || !this.queue.next()) this.#finish();
  }

  /** Sound goes through the graph only where a gain is to be applied: a plain element also plays with the screen off. */
  #level(voice) {
    const decibels = this.levelled ? gainOf(voice.entry?.track) : 0;
    if (!voice.gain && decibels === 0) return;
    this.#wakeSound();
    if (!voice.gain) {
      voice.gain = this.#sound().createGain();
      this.#sound().createMediaElementSource(voice.audio).connect(voice.gain).connect(this.#sound().destination);
    }
    voice.gain.gain.value = 10 ** (decibels / 20);
  }

  #sound() {
    this.#context ??= new AudioContext({ latencyHint: "playback" });
    return this.#context;
  }

  #wakeSound() {
    if (this.#context?.state === "suspended") this.#context.resume();
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

/** The file as it is where this browser can play it, else converted. */
function soundOf(track) {
  const kind = KINDS[track.suffix];
  const probe = new Audio();
  if (kind && probe.canPlayType(kind)) return address(track.stream);
  const profile = probe.canPlayType(KINDS.opus) ? "opus" : "mp3";
  return address(`${track.stream}?profile=${profile}`);
}

function gainOf(track) {
  return track?.gain?.track ?? track?.gain?.album ?? 0;
}
