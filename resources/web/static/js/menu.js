/** Menus and dialogs: lists of what can be done, questions for a name, a choice. */

import { h, icon, iconButton, wordButton } from "./dom.js";
import { tr } from "./words.js";

const EDGE = 8; // pixels kept between a menu and the window

/**
 * What a menu offers. `checked` makes it a toggle.
 * @typedef {{label: string, glyph?: string, act: () => void, checked?: boolean, off?: boolean}} Offer
 */

let close = () => {};

/**
 * Open a menu beside what asked for it; arrow keys move in it, Escape and a click elsewhere end it.
 *
 * @param {HTMLElement} anchor gets the focus back
 * @param {(Offer|null)[]} offers null for a line between two groups
 * @param {{x: number, y: number}} [at] of the pointer, instead of beside the anchor
 */
export function openMenu(anchor, offers, at = undefined) {
  close();
  const menu = h("div", { class: "menu", role: "menu" }, ...offers.map((offer) => (offer ? item(offer) : h("hr", { role: "separator" }))));
  const veil = h("div", { class: "veil" }, menu);
  const ended = (act) => {
    veil.remove();
    close = () => {};
    anchor.focus();
    act?.();
  };
  close = () => ended();
  veil.addEventListener("pointerdown", (event) => event.target === veil && ended());
  veil.addEventListener("contextmenu", (event) => event.preventDefault());
  menu.addEventListener("keydown", (event) => onMenuKey(event, menu, ended));
  menu.addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (chosen) ended(chosen.act);
  });
  document.body.append(veil);
  place(menu, anchor, at);
  menu.querySelector("button:not([disabled])")?.focus();
}

function item({ label, glyph, act, checked, off }) {
  const role = checked === undefined ? "menuitem" : "menuitemcheckbox";
  const state = checked === undefined ? {} : { "aria-checked": String(checked) };
  const mark = checked ? "check" : glyph;
  const made = h("button", { type: "button", role, tabindex: "-1", disabled: off, ...state }, mark ? icon(mark) : h("span", { class: "icon" }), h("span", {}, label));
  made.act = act;
  return made;
}

function onMenuKey(event, menu, ended) {
  const items = [...menu.querySelectorAll("button:not([disabled])")];
  const now = items.indexOf(document.activeElement);
  const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[event.key];
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    ended();
  } else if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  }
}

function place(menu, anchor, at) {
  const [box, own] = [anchor.getBoundingClientRect(), menu.getBoundingClientRect()];
  const wanted = at ?? { x: box.right - own.width, y: box.bottom + 4 };
  const above = (at ? at.y : box.top - 4) - own.height;
  const fits = wanted.y + own.height < innerHeight - EDGE;
  menu.style.left = `${Math.max(EDGE, Math.min(wanted.x, innerWidth - own.width - EDGE))}px`;
  menu.style.top = `${Math.max(EDGE, fits ? wanted.y : above)}px`;
}

/** Ask for a text; null where the question is dismissed. */
export function ask(title, label, initial = "") {
  return new Promise((answered) => {
    const field = h("input", { type: "text", value: initial, required: true, maxlength: 200, autocomplete: "off" });
    const form = h("form", { method: "dialog" }, h("label", {}, label, field), confirmRow(tr("OK")));
    const shown = dialog(title, form, (said) => answered(said === "yes" ? field.value.trim() || null : null));
    shown.querySelector("input").select();
  });
}

/** Ask whether to do what cannot be undone. */
export function confirm(title, text, action) {
  return new Promise((answered) => {
    const form = h("form", { method: "dialog" }, h("p", {}, text), confirmRow(action));
    dialog(title, form, (said) => answered(said === "yes"));
  });
}

/** Let one of a few things be chosen; `offers` are shown as buttons below each other. */
export function choose(title, offers) {
  const list = h("div", { class: "choices" });
  const shown = dialog(title, list, () => {});
  for (const offer of offers) {
    list.append(wordButton(offer.label, () => (shown.close(), offer.act()), { glyph: offer.glyph ?? "" }));
  }
  shown.querySelector(".choices button")?.focus();
}

/** Show something in a dialog that only closes. */
export function show(title, ...content) {
  return dialog(title, h("div", { class: "shown" }, ...content), () => {});
}

function confirmRow(action) {
  const cancel = wordButton(tr("Cancel"), (event) => event.target.closest("dialog").close("no")); // Enter is for the other
  return h("div", { class: "row end" }, cancel, h("button", { class: "word primary", value: "yes" }, action));
}

function dialog(title, content, onclose) {
  const before = document.activeElement;
  const made = h("dialog", { "aria-label": title });
  made.append(h("header", {}, h("h2", {}, title), iconButton("close", tr("Close"), () => made.close("no"))), content);
  made.addEventListener("keydown", (event) => event.stopPropagation());
  made.addEventListener("close", () => {
    made.remove();
    before?.focus?.();
    onclose(made.returnValue);
  });
  document.body.append(made);
  made.showModal();
  return made;
}
