import type { ReadAt } from '../read-at.ts';
import { id3Bytes } from './id3.ts';

/** From the first frame on: its header, the side information of MPEG-1 in stereo and a little more. */
const FRAME_HEAD_BYTES = 64;
const [HAS_FRAMES, HAS_BYTES] = [1, 2];

/**
 * How many bytes of sound an MP3 should have, by the `Xing` or `Info` header that encoders put into its first frame; undefined without one.
 * Some count the tags before the frame and some do not: those are left out, so that no whole file seems cut.
 */
export async function mp3Bytes(head: Buffer, readAt: ReadAt): Promise<number | undefined> {
  const frame = await readAt(id3Bytes(head), FRAME_HEAD_BYTES);
  // Where it is depends on version and channels: 13 to 36 bytes from the frame's start.
  const start = Math.max(frame.indexOf('Xing', 0, 'latin1'), frame.indexOf('Info', 0, 'latin1'));
  if (start < 0 || start + 16 > frame.length) return undefined;
  const flags = frame.readUInt32BE(start + 4);
  if ((flags & HAS_BYTES) === 0) return undefined;
  const bytes = frame.readUInt32BE(start + 8 + ((flags & HAS_FRAMES) === 0 ? 0 : 4));
  return bytes === 0 ? undefined : bytes;
}
