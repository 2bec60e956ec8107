import { AppError } from '@mediaflow/shared/errors';
import type { ExternalMedia } from '@mediaflow/shared/external/external-media';
import { isObjectKey } from '@mediaflow/shared/object-store';

export interface ExternalInput {
  /** `bucket://{key of the manifest}` */
  readonly url: string;
  /** A folder above the manifest, where its files lie beside its own folder. */
  readonly prefix?: string | undefined;
}

const SCHEME = 'bucket://';

/**
 * The files that an input names, all of them below `root`. Pure.
 * @throws AppError `invalid_parameters`
 */
export function chooseExternal({ url, prefix: given }: ExternalInput, root: string): ExternalMedia {
  if (!url.startsWith(SCHEME)) {
    throw refuse(`"${url}" is not in the bucket. Put the files there and name the playlist as ${SCHEME}${root}…, or upload a video.`);
  }
  const key = url.slice(SCHEME.length);
  if (!isObjectKey(key))
    throw refuse(`"${key}" is not the key of an object: names of A-Z, a-z, 0-9, ".", "_" and "-", with slashes between.`);
  if (!/\.(?:m3u8|mpd)$/.test(key)) throw refuse(`"${key}" is no manifest: its name must end in .m3u8 or .mpd.`);
  const prefix = given === undefined ? key.slice(0, key.lastIndexOf('/') + 1) : `${given.replace(/\/$/, '')}/`;
  if (!isObjectKey(prefix.slice(0, -1)) || !key.startsWith(prefix)) throw refuse(`"${prefix}" is no folder above "${key}".`);
  if (!prefix.startsWith(root)) throw refuse(`Only what lies below "${root}" can be registered.`);
  return { prefix, manifest: key.slice(prefix.length) };
}

const refuse = (message: string): AppError => new AppError('invalid_parameters', `inputs: ${message}`);
