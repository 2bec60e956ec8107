/** Claims of real tokens nest two or three deep. */
const MAX_DEPTH = 8;
/** In text that is known to be JSON, a string before a colon is a member's name; what brackets do not say is skipped. */
const MARKS = /"(?:[^"\\]|\\.)*"(\s*:)?|[[\]{}]/g;

/**
 * An object of JSON that every reader reads alike (RFC 8725 section 2.4): `JSON.parse` takes the last of two members of one name, others
 * the first, so a name given twice is refused, however it is spelled and however deep it lies. Linear time.
 *
 * @returns undefined for anything else
 */
export function parseUnambiguousJson(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && !isAmbiguous(text) ? (value as Record<string, unknown>) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAmbiguous(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [mark, colon] of json.matchAll(MARKS)) {
    if (mark === '{' || mark === '[') {
      if (open.push(new Set()) > MAX_DEPTH) return true;
    } else if (mark === '}' || mark === ']') {
      open.pop();
    } else if (colon !== undefined) {
      const name: string = JSON.parse(mark.slice(0, -colon.length));
      const names = open.at(-1);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}
