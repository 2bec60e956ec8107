import type { ExternalMedia } from '@mediaflow/shared/external/external-media';
import type { ExternalMpd } from '@mediaflow/shared/external/read-mpd';
import type { ExternalMediaPlaylist, ExternalMultivariant } from '@mediaflow/shared/external/read-playlist';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { StoredExternal } from '../db/schema.ts';
import { describeMultivariant } from './describe-multivariant.ts';
import { createManifestReader, type ReadManifest, refuseManifest } from './manifest-reader.ts';

type Reader = Pick<ObjectStore, 'head' | 'get'>;

/** Objects asked for at once. */
const CONCURRENCY = 8;
/** Looked for on behalf of one manifest: an MPD of a thousand periods has some thousand init segments. */
const MAX_FILES = 10_000;

/**
 * Reads a customer's playlists, all of them, and looks whether the files that each begins and ends with are there.
 * @throws AppError `invalid_parameters` with what is wrong, in words for the person who made them
 */
export async function checkExternal(store: Reader, media: ExternalMedia): Promise<StoredExternal> {
  const read = createManifestReader(store, media);
  const manifest = await read(media.manifest);
  if (manifest.kind === 'media') {
    await checkMedia(store, media, media.manifest, manifest);
    return { ...media, durationMs: manifest.durationSeconds * 1000 };
  }
  if (manifest.kind === 'mpd') return checkMpd(store, media, manifest);
  const durations = await checkMultivariant(store, media, read, manifest);
  const { opening, ...picture } = describeMultivariant(manifest);
  const durationSeconds = durations.get(opening ?? '');
  if (durationSeconds === undefined) throw refuseManifest(media.manifest, 'It names no variant.');
  return { ...media, durationMs: durationSeconds * 1000, ...picture };
}

/** Of each representation the files that no template makes: init segments, or the one file. */
async function checkMpd(store: Reader, media: ExternalMedia, { representations, durationSeconds }: ExternalMpd): Promise<StoredExternal> {
  if (durationSeconds <= 0) throw refuseManifest(media.manifest, 'It states no mediaPresentationDuration.');
  const files = representations.map((representation) => representation.files.find((file) => !file.includes('$')));
  await assertAllStored(store, media, [...new Set(files.filter((file) => file !== undefined))]);
  const [largest] = representations.toSorted((a, b) => (b.shortSide ?? 0) - (a.shortSide ?? 0));
  const { width, height } = largest ?? {};
  return { ...media, durationMs: durationSeconds * 1000, ...(width !== undefined && height !== undefined && { width, height }) };
}

/** Seconds of each media playlist. */
async function checkMultivariant(
  store: Reader,
  media: ExternalMedia,
  read: ReadManifest,
  { playlists, files }: ExternalMultivariant,
): Promise<Map<string, number>> {
  const durations = new Map<string, number>();
  await forEach(playlists, async (path) => {
    const playlist = await read(path);
    if (playlist.kind !== 'media') throw refuseManifest(path, 'A multivariant playlist names it, so it must be a media playlist.');
    await checkMedia(store, media, path, playlist);
    durations.set(path, playlist.durationSeconds);
  });
  await assertAllStored(store, media, files);
  return durations;
}

async function checkMedia(store: Reader, media: ExternalMedia, path: string, { isEnded, durationSeconds, files }: ExternalMediaPlaylist) {
  if (!isEnded) throw refuseManifest(path, 'It does not end with #EXT-X-ENDLIST: only finished videos can be registered.');
  if (durationSeconds <= 0) throw refuseManifest(path, 'It names no segment.');
  const ends = new Set([files[0], files.at(-1)].filter((file) => file !== undefined));
  for (const file of ends) await assertStored(store, media, path, file);
}

/** What the manifest itself names. */
async function assertAllStored(store: Reader, media: ExternalMedia, files: readonly string[]): Promise<void> {
  if (files.length > MAX_FILES) throw refuseManifest(media.manifest, `It names more than ${MAX_FILES} files.`);
  await forEach(files, (path) => assertStored(store, media, media.manifest, path));
}

async function assertStored(store: Reader, { prefix }: ExternalMedia, playlist: string, path: string): Promise<void> {
  if ((await store.head(prefix + path)) === undefined) throw refuseManifest(playlist, `It names "${path}", which is not stored.`);
}

/** At most `CONCURRENCY` at once; the first failure ends it. */
async function forEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = takeEach(items);
  const work = async (): Promise<void> => {
    for (const item of waiting) await act(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/** Unlike an array's own iterator, a generator is closed for all loops by the one that throws. */
function* takeEach<T>(items: readonly T[]): Generator<T> {
  yield* items;
}
