import { AppError } from './errors.ts';

/**
 * A JSON body, read in one way only: UTF-8, no key twice in an object (which of the two counts differs between parsers), and text that
 * Postgres can store. An empty body is `{}`. @throws AppError `invalid_parameters`, `unsupported_media_type`
 */
export function parseJsonBody(body: ArrayBuffer | Uint8Array, contentType = ''): unknown {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType) ?? [];
  if (!/^utf-?8$/i.test(charset)) throw new AppError('unsupported_media_type', 'The body must be in UTF-8.');
  const text = decode(body);
  if (text.trim() === '') return {};
  let keys = 0;
  const value = parse(text, function countKeys(this: unknown, key, member) {
    if (!Array.isArray(this)) keys += 1;
    assertStorable(key);
    if (typeof member === 'string') assertStorable(member);
    return member;
  });
  // One is the whole value's own.
  if (keys - 1 !== countWrittenKeys(text)) throw new AppError('invalid_parameters', 'The body has a key twice in one object.');
  return value;
}

function decode(body: ArrayBuffer | Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body);
  } catch (cause) {
    throw new AppError('invalid_parameters', 'The body is not valid UTF-8.', { cause });
  }
}

function parse(text: string, reviver: (this: unknown, key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid_parameters', 'The body is not valid JSON.', { cause });
  }
}

/** Of text that is valid JSON: strings with a colon behind them. */
function countWrittenKeys(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/gs)) if (colon === ':') count += 1;
  return count;
}

/** Postgres stores neither NUL nor half of a surrogate pair. */
function assertStorable(text: string): void {
  if (!text.includes('\0') && text.isWellFormed()) return;
  throw new AppError('invalid_parameters', 'Text must be valid Unicode without NUL characters.');
}
