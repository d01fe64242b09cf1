/** JSON text, whose numbers and escapes stay as they are written. */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;
const DEEPEST = 40;

/**
 * Whether a text is JSON.
 * @param {string} text
 */
export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Return JSON text with a line for each value.
 * @param {string} text
 */
export function indentJson(text) {
  /** @type {string[]} */
  const written = [];
  let depth = 0;
  let previous = "";
  const breakLine = () => written.push("\n", "  ".repeat(Math.min(depth, DEEPEST)));
  for (const [token] of text.matchAll(TOKEN)) {
    const isFirst = previous === "{" || previous === "[";
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    if (closes !== isFirst) breakLine();
    written.push(token);
    if (token === "{" || token === "[") depth += 1;
    if (token === ",") breakLine();
    if (token === ":") written.push(" ");
    previous = token;
  }
  return written.join("");
}

/**
 * Return the line, from 1, of the value at a JSON pointer such as `#/reply/status`, or of what is nearest around it.
 * @param {string} text
 * @param {string} pointer
 */
export function findLine(text, pointer) {
  const wanted = pointer.split("/").slice(1).map((each) => each.replaceAll("~1", "/").replaceAll("~0", "~"));
  /** @type {{isObject: boolean, key: string | number | null}[]} */
  const frames = [];
  let best = -1;
  let found = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const top = frames.at(-1);
    if (token === "}" || token === "]") frames.pop();
    else if (token === ",") next(top);
    else if (top?.isObject && top.key === null) top.key = readName(token);
    else if (token !== ":") {
      const isNearer = frames.length > best && frames.length <= wanted.length;
      if (isNearer && frames.every((each, at) => String(each.key) === wanted[at])) [best, found] = [frames.length, index];
      if (token === "{") frames.push({ isObject: true, key: null });
      if (token === "[") frames.push({ isObject: false, key: 0 });
    }
  }
  return text.slice(0, found).split("\n").length;
}

/** @param {{isObject: boolean, key: string | number | null} | undefined} frame */
function next(frame) {
  if (frame) frame.key = frame.isObject ? null : Number(frame.key) + 1;
}

/** @param {string} token */
function readName(token) {
  return isJson(token) ? String(JSON.parse(token)) : token;
}

/**
 * Return JSON text in which braces in texts stand for themselves, as an answer reads them.
 * @param {string} text
 */
export function escapePlaceholders(text) {
  return text.replace(/"(?:[^"\\]|\\.)*"(\s*:)?/gs, (each, colon) => (colon ? each : each.replace(/\{[^{}\s]+\}/g, "{$&}")));
}
