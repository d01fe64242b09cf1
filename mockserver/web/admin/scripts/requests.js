/** Requests as somebody writes them: as lines for a shell or a program, and as the browser sends them. */

/** @typedef {{method: string, url: string, headers: [string, string][], body: string | null}} Request */

/** Headers that browsers let no page send. */
const KEPT = /^(accept-charset|accept-encoding|access-control-request-.*|connection|content-length|cookie|date|dnt|expect|host|keep-alive|origin|permissions-policy|proxy-.*|referer|sec-.*|te|trailer|transfer-encoding|upgrade|via)$/i;

/**
 * Return a line for a POSIX shell.
 * @param {Request} request
 */
export function writeCurl({ method, url, headers, body }) {
  const words = ["curl", "-i"];
  if (/[[\]{}]/.test(url)) words.push("-g");
  if (method === "HEAD") words.push("--head");
  else if (method !== "GET" || body !== null) words.push("-X", quote(method));
  words.push(quote(url));
  for (const [name, value] of headers) words.push("-H", quote(value ? `${name}: ${value}` : `${name};`));
  if (body !== null) words.push("--data-raw", quote(body));
  return words.join(" ");
}

/** @param {string} text */
function quote(text) {
  return /^[\w%+,./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Return a line of JavaScript.
 * @param {Request} request
 */
export function writeFetch({ method, url, headers, body }) {
  const isOnce = new Set(headers.map(([name]) => name.toLowerCase())).size === headers.length;
  const options = {
    ...(method === "GET" ? {} : { method }),
    ...(headers.length ? { headers: isOnce ? Object.fromEntries(headers) : headers } : {}),
    ...(body === null ? {} : { body }),
  };
  const written = Object.keys(options).length ? `, ${JSON.stringify(options)}` : "";
  return `const answer = await fetch(${JSON.stringify(url)}${written});`;
}

/** Headers that every browser and every client adds by itself. */
const ADDED = /^(accept-language|cache-control|pragma|priority|user-agent)$/i;

/**
 * Return the lines of the headers that somebody has to write to send them again.
 * @param {[string, string][]} headers
 */
export function writeHeaders(headers) {
  const own = headers.filter(([name]) => !KEPT.test(name) && !ADDED.test(name));
  return own.map(([name, value]) => `${name}: ${value}`).join("\n");
}

/**
 * Return the names of headers that the browser keeps back.
 * @param {Request} request
 */
export function listKept({ headers }) {
  return headers.map(([name]) => name).filter((name) => KEPT.test(name));
}

/**
 * Read lines of `Name: value`.
 * @param {string} text
 * @returns {[string, string][]}
 */
export function readHeaders(text) {
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    const mark = line.indexOf(":");
    if (mark < 1) throw new Error(`The header line ${JSON.stringify(line)} has no name. Write Name: value.`);
    return [line.slice(0, mark).trim(), line.slice(mark + 1).trim()];
  });
}

/** @typedef {{status: number, reason: string, headers: [string, string][], text: string, milliseconds: number}} Reply */

/**
 * Send a request, past the cache of the browser and without following a redirect.
 * @param {Request} request
 * @param {AbortSignal} signal
 * @returns {Promise<Reply>}
 */
export async function send({ method, url, headers, body }, signal) {
  const started = performance.now();
  const options = { method, headers, body, signal };
  const response = await fetch(url, { ...options, cache: "no-store", redirect: "manual" });
  const bytes = await response.arrayBuffer();
  return {
    status: response.status,
    reason: response.statusText,
    headers: [...response.headers],
    text: decode(bytes, response.headers.get("Content-Type") ?? ""),
    milliseconds: Math.round(performance.now() - started),
  };
}

/**
 * @param {ArrayBuffer} bytes
 * @param {string} contentType
 */
function decode(bytes, contentType) {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
