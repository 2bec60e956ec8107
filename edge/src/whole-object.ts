import { judgeLength } from '@mediaflow/shared/stated-length';
import type { ReadableObject } from './ports.ts';

/**
 * The object, its body unread; undefined where its first bytes say that it is of another length than stored: that is no segment but
 * a part of one, and players stumble over it. The bytes go the runtime's own way (`tee`), and only the first are looked at here.
 */
export async function openWhole(object: ReadableObject): Promise<ReadableObject | undefined> {
  if (object.body instanceof Uint8Array) return judgeLength(object.body, object.sizeBytes) === 'wrong' ? undefined : object;
  const [first, body] = object.body.tee();
  const reader = first.getReader();
  // One half of a stream has gone only when the other has, so neither is waited for.
  const leave = (): void => void reader.cancel().catch(() => undefined);
  try {
    if (!(await isWrong(reader, object.sizeBytes))) return { ...object, body };
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
