import type { Source } from '@mediaflow/shared/source';
import type { HandlerContext } from '../handler.ts';
import { deriveContinuous } from './continuous-copy.ts';
import type { Derive, SourceRef } from './staging.ts';
import { deriveUnindexed } from './unindexed-copy.ts';

/** Gives `work` the file that the source describes: the upload, or the copy that stands for it. */
export function withSourceFile<T>(
  { staging, signal }: Pick<HandlerContext, 'staging' | 'signal'>,
  ref: SourceRef & { readonly source: Source },
  work: (path: string, derive: Derive) => Promise<T>,
): Promise<T> {
  return staging.withSource(ref, async (path, derive) => work(await findReadable(path, ref.source, { derive, signal }), derive));
}

/** @param path of the upload */
export async function findReadable(
  path: string,
  { continuous, isIndexedInPart, demuxer }: Source,
  options: { readonly derive: Derive; readonly signal: AbortSignal },
): Promise<string> {
  if (continuous !== undefined) return await deriveContinuous(path, demuxer, continuous.streams, options);
  return isIndexedInPart ? await deriveUnindexed(path, options.derive) : path;
}

/** Files that are kept beside another for as long as that is. */
export const deriveBeside =
  (path: string): Derive =>
  async (name, make) => {
    await make(`${path}.${name}`);
    return `${path}.${name}`;
  };
