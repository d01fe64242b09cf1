/** Who uses the page: the session that every call names, and the token. This tab keeps both, until it is closed. */

const SESSION = "mockserver-session";
const TOKEN = "mockserver-token";

/** Tells of `session` when another one was chosen, and of `token` when it was given or taken back. */
export const changes = new EventTarget();

/** Return the name of the session; empty for the default session. */
export function readSession() {
  return sessionStorage.getItem(SESSION) ?? "";
}

/** @param {string} name */
export function useSession(name) {
  keep(SESSION, name);
  changes.dispatchEvent(new Event("session"));
}

/** Return the token of the stub; empty if none was given. */
export function readToken() {
  return sessionStorage.getItem(TOKEN) ?? "";
}

/** @param {string} token */
export function useToken(token) {
  keep(TOKEN, token);
  changes.dispatchEvent(new Event("token"));
}

/**
 * @param {string} key
 * @param {string} text
 */
function keep(key, text) {
  if (text) sessionStorage.setItem(key, text);
  else sessionStorage.removeItem(key);
}
