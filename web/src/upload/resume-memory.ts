import { isId } from '@mediaflow/shared/ids';

/** What identifies a file across page loads: a browser gives no path and keeps no handle. */
export interface FileFingerprint {
  readonly name: string;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
}

/** An upload that was begun in this browser. The URL carries the right to this one upload and nothing else. */
export interface RememberedUpload {
  readonly file: FileFingerprint;
  readonly uploadId: string;
  readonly tusUrl: string;
  readonly rememberedAtMs: number;
}

/** The server keeps an unfinished upload for a week after its last byte. */
const MAX_AGE_MS = 7 * 24 * 3600 * 1000;
const MAX_ENTRIES = 20;

export const fingerprintOf = (file: { name: string; size: number; lastModified: number }): FileFingerprint => ({
  name: file.name,
  sizeBytes: file.size,
  lastModifiedMs: file.lastModified,
});

/** What can still be used of the stored text. Anything unreadable is left out: another tab or version may have written it. */
export function parseMemory(text: string | null, nowMs: number): readonly RememberedUpload[] {
  const stored = parseJson(text);
  if (!Array.isArray(stored)) return [];
  return stored.filter(isRemembered).filter(({ rememberedAtMs }) => nowMs - rememberedAtMs < MAX_AGE_MS);
}

export function stringifyMemory(memory: readonly RememberedUpload[]): string {
  return JSON.stringify(memory);
}

/** Newest first. A second upload of the same file takes the place of the first. */
export function remember(memory: readonly RememberedUpload[], entry: RememberedUpload): readonly RememberedUpload[] {
  const others = memory.filter((other) => other.uploadId !== entry.uploadId && !isSameFile(other.file, entry.file));
  return [entry, ...others].slice(0, MAX_ENTRIES);
}

export function forget(memory: readonly RememberedUpload[], uploadId: string): readonly RememberedUpload[] {
  return memory.filter((entry) => entry.uploadId !== uploadId);
}

export function findRemembered(memory: readonly RememberedUpload[], file: FileFingerprint): RememberedUpload | undefined {
  return memory.find((entry) => isSameFile(entry.file, file));
}

export function isSameFile(a: FileFingerprint, b: FileFingerprint): boolean {
  return a.name === b.name && a.sizeBytes === b.sizeBytes && a.lastModifiedMs === b.lastModifiedMs;
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRemembered(value: unknown): value is RememberedUpload {
  if (typeof value !== 'object' || value === null) return false;
  const { file, uploadId, tusUrl, rememberedAtMs } = value as Partial<Record<keyof RememberedUpload, unknown>>;
  return (
    typeof uploadId === 'string' &&
    isId(uploadId) &&
    typeof tusUrl === 'string' &&
    /^https?:\/\//.test(tusUrl) &&
    typeof rememberedAtMs === 'number' &&
    isFingerprint(file)
  );
}

function isFingerprint(value: unknown): value is FileFingerprint {
  if (typeof value !== 'object' || value === null) return false;
  const { name, sizeBytes, lastModifiedMs } = value as Partial<Record<keyof FileFingerprint, unknown>>;
  return typeof name === 'string' && typeof sizeBytes === 'number' && typeof lastModifiedMs === 'number';
}
