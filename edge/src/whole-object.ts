import { AppError } from '@mediaflow/shared/errors';
import { hasEnd, isBoxed } from '@mediaflow/shared/has-end';
import type { MediaObject } from '@mediaflow/shared/keys';
import { judgeLength } from '@mediaflow/shared/stated-length';
import { readWhole } from './object-body.ts';
import type { ReadableObject } from './ports.ts';

/**
 * The object, its body unread; undefined where its bytes say that they are not all there: that is no object but a part of one, and
 * players stumble over it.
 */
export const openWhole = (stored: ReadableObject, object: MediaObject): Promise<ReadableObject | undefined> =>
  isBoxed(object) ? openBoxes(stored) : openEnding(stored, object);

/** Playlists, texts and pictures of a few hundred kilobytes at most: only all of one shows its end. */
async function openEnding(stored: ReadableObject, object: MediaObject): Promise<ReadableObject | undefined> {
  const body = await readWhole(stored.body, stored.sizeBytes).catch((cause: unknown) => {
    throw new AppError('unavailable', 'The store broke off.', { cause, retryAfterSeconds: 1 });
  });
  return hasEnd(object, body) ? { ...stored, body } : undefined;
}

/** The bytes go the runtime's own way (`tee`), and only the first are looked at here. */
async function openBoxes(stored: ReadableObject): Promise<ReadableObject | undefined> {
  if (stored.body instanceof Uint8Array) return judgeLength(stored.body, stored.sizeBytes) === 'wrong' ? undefined : stored;
  const [first, body] = stored.body.tee();
  const reader = first.getReader();
  // One half of a stream has gone only when the other has, so neither is waited for.
  const leave = (): void => void reader.cancel().catch(() => undefined);
  try {
    if (!(await isWrong(reader, stored.sizeBytes))) return { ...stored, body };
  } catch (error) {
    body.cancel().catch(() => undefined);
    throw error;
  } finally {
    leave();
  }
  body.cancel().catch(() => undefined);
  return undefined;
}

/** A body that breaks off before anything is known of it breaks the response later (`exactBody`). */
async function isWrong(reader: ReadableStreamDefaultReader<Uint8Array>, sizeBytes: number): Promise<boolean> {
  let head = new Uint8Array();
  for (;;) {
    const verdict = judgeLength(head, sizeBytes);
    if (verdict !== 'unknown') return verdict === 'wrong';
    const { done, value } = await reader.read();
    if (done) return false;
    const longer = new Uint8Array(head.length + value.length);
    longer.set(head);
    longer.set(value, head.length);
    head = longer;
  }
}
