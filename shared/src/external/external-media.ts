import { z } from 'zod';
import { isObjectKey } from '../object-store.ts';

/** Playlists and media that a customer made and put into the bucket: ours to sign and serve, never to write or to delete. */
export const externalMediaSchema = z.object({
  /** What every key of it begins with; ends in a slash. */
  prefix: z.string().refine((prefix) => prefix.endsWith('/') && isObjectKey(prefix.slice(0, -1)), 'expected a prefix of object keys'),
  /** The multivariant playlist, the only media playlist or the MPD: its path below the prefix. */
  manifest: z.string().refine(isObjectKey, 'expected the path of an object'),
});
export type ExternalMedia = Readonly<z.infer<typeof externalMediaSchema>>;
