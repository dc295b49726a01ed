/** Speaks with the server: JSON over HTTP, and errors that carry its sentence. */

import { page, tr } from "./words.js";

/**
 * @typedef {object} Track
 * @property {string} id
 * @property {string} title
 * @property {string} artist
 * @property {string} artistId
 * @property {string} album
 * @property {string} albumId
 * @property {?number} year
 * @property {string} genre
 * @property {number} seconds
 * @property {number} plays
 * @property {?number} lastPlayed seconds since 1970
 * @property {?number} rating 0 to 5
 * @property {?number} thumb -1, 0 or 1
 * @property {boolean} favourite
 * @property {string} cover address
 * @property {string} stream address
 * @property {boolean} away its file cannot be reached
 * @property {string} suffix
 * @property {?{track: ?number, album: ?number}} gain in decibels
 */

/** What the server refused or could not do, or that it did not answer (`status` 0). */
class ApiError extends Error {
  /** @param {number} status @param {{code?: string, message?: string, advice?: string}} told */
  constructor(status, told) {
    super(told.message || tr("The server does not answer."));
    this.status = status;
    this.code = told.code ?? "";
    this.advice = told.advice ?? "";
  }

  /** Whether the same request may be answered later. */
  get passes() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Calls of the JSON API; every address is below the base path of the page. */
export class Api {
  /** @param {() => void} onlogin is called where a session has ended */
  constructor(onlogin) {
    this.onlogin = onlogin;
  }

  /** @param {string} path @param {Object<string, any>} [query] empty values are left out, lists are repeated */
  get(path, query = {}, signal = undefined) {
    return this.#ask("GET", path + asked(query), undefined, { signal });
  }

  post(path, body, options = {}) {
    return this.#ask("POST", path, body, options);
  }

  put(path, body, options = {}) {
    return this.#ask("PUT", path, body, options);
  }

  remove(path) {
    return this.#ask("DELETE", path, undefined, {});
  }

  async #ask(method, path, body, options) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const content = body === undefined ? undefined : JSON.stringify(body);
    let answer;
    try {
      answer = await fetch(address(`/api/${path}`), { method, headers, body: content, credentials: "same-origin", ...options });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ApiError(0, {});
    }
    if (answer.status === 401) this.onlogin();
    const told = await read(answer);
    if (!answer.ok) throw new ApiError(answer.status, told);
    return told;
  }
}

/** An address of the server as the page has to ask for it: its answers name them without the base path. */
export function address(path) {
  return path.startsWith("/") ? page.base + path : path;
}

function asked(query) {
  const made = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== "" && each !== null && each !== undefined && each !== false) made.append(name, String(each));
    }
  }
  const text = made.toString();
  return text ? `?${text}` : "";
}

async function read(answer) {
  if (answer.status === 204) return {};
  try {
    return await answer.json();
  } catch {
    return {}; // a proxy's page of HTML in place of an answer: the status says what it is
  }
}
