/** What can be done with tracks, wherever they are shown. */

import { choose, ask, openMenu, show } from "./menu.js";
import { h } from "./dom.js";
import { stars, thumbs } from "./opinions.js";
import { tr, trn } from "./words.js";

/** @typedef {import("./api.js").Track} Track */
/** @typedef {import("./queue.js").How} How */

/** Actions on tracks; `app` has the parts that they go to. */
export class Actions {
  constructor(app) {
    this.app = app;
  }

  /** @param {Track[]} tracks @param {How} how */
  add(tracks, how) {
    this.app.queue.add(tracks, how);
    this.app.say(trn("{number} track is in the queue.", "{number} tracks are in the queue.", tracks.length));
  }

  addNext(tracks, how) {
    this.app.queue.addNext(tracks, how);
    this.app.say(trn("{number} track plays next.", "{number} tracks play next.", tracks.length));
  }

  /** Play what sounds like a track after it, without an end. */
  radio(track, how) {
    const { queue, radio, player } = this.app;
    if (player.track?.id !== track.id) queue.play([track], 0, how);
    radio.start(track);
  }

  /** Let a playlist be chosen, or made, for tracks. */
  async addToPlaylist(tracks) {
    const { api, say } = this.app;
    const ids = tracks.map((track) => track.id);
    try {
      const { playlists } = await api.get("playlists");
      const own = playlists.filter((list) => list.own && !list.smart);
      choose(tr("Add to playlist"), [
        { label: tr("New playlist…"), glyph: "plus", act: () => this.newPlaylist(ids) },
        ...own.map((list) => ({ label: list.name, glyph: "playlist", act: () => this.#append(list, ids) })),
      ]);
    } catch (error) {
      say(error.message);
    }
  }

  /** Ask for a name, and make a playlist. Returns it, or null. */
  async newPlaylist(ids, initial = "") {
    const name = await ask(tr("New playlist"), tr("Name"), initial);
    if (!name) return null;
    try {
      const made = await this.app.api.post("playlists", { name, tracks: ids, shared: false });
      this.app.say(tr("The playlist {name} is made.", { name }));
      return made;
    } catch (error) {
      this.app.say(error.message);
      return null;
    }
  }

  /**
   * The menu of a track.
   *
   * @param {HTMLElement} anchor
   * @param {Track} track
   * @param {How} how it would come into the queue
   * @param {import("./menu.js").Offer[]} [more] what only this place offers
   * @param {{x: number, y: number}} [at]
   */
  menu(anchor, track, how, more = [], at = undefined) {
    const { go, panel, player, account } = this.app;
    const playing = player.track;
    openMenu(
      anchor,
      [
        { label: tr("Play next"), glyph: "next", act: () => this.addNext([track], how) },
        { label: tr("Add to queue"), glyph: "queue", act: () => this.add([track], how) },
        { label: tr("Add to playlist…"), glyph: "playlist", act: () => this.addToPlaylist([track]) },
        null,
        { label: tr("More like this"), glyph: "similar", act: () => panel.show(track) },
        { label: tr("Radio from here"), glyph: "radio", act: () => this.radio(track, how) },
        playing && playing.id !== track.id
          ? { label: tr("Journey from what plays"), glyph: "journey", act: () => go(`journey/${playing.id}/${track.id}`) }
          : { label: tr("Journey from here"), glyph: "journey", act: () => go(`journey/${track.id}`) },
        null,
        track.albumId ? { label: tr("Go to album"), glyph: "album", act: () => go(`albums/${track.albumId}`) } : undefined,
        track.artistId ? { label: tr("Go to artist"), glyph: "artist", act: () => go(`artists/${track.artistId}`) } : undefined,
        { label: tr("Rate…"), glyph: "star", act: () => this.rate(track) },
        { label: tr("Why is this for me?"), glyph: "why", act: () => this.why(track) },
        account.mayDownload ? { label: tr("Download"), glyph: "download", act: () => this.#download(track) } : undefined,
        ...(more.length ? [null, ...more] : []),
      ].filter((offer) => offer !== undefined),
      at,
    );
  }

  /** Stars and thumbs in a dialog, for places that have no room for them. */
  rate(track) {
    const { opinions } = this.app;
    show(track.title, h("div", { class: "row" }, stars(opinions, track)), h("div", { class: "row" }, thumbs(opinions, track)));
  }

  /** Say why a track is recommended. */
  async why(track) {
    try {
      const { why } = await this.app.api.get("why", { track: track.id });
      show(track.title, h("p", {}, why || tr("Nothing is known about that yet.")));
    } catch (error) {
      this.app.say(error.message);
    }
  }

  async #append(list, ids) {
    try {
      await this.app.api.put(`playlists/${list.id}`, { add: ids });
      this.app.say(trn("{number} track is in the playlist.", "{number} tracks are in the playlist.", ids.length));
    } catch (error) {
      this.app.say(error.message);
    }
  }

  #download(track) {
    const link = h("a", { href: this.app.address(`/download/${track.id}`), download: "", hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
  }
}
