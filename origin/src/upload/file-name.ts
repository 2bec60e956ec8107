const MAX_LENGTH = 512;

/** A title from the client's `Upload-Metadata`, or null: what it named the video, else the file. Postgres refuses NUL. */
export function chooseFileName(metadata: Readonly<Record<string, string | null>> | undefined): string | null {
  const name = metadata?.title || metadata?.filename || metadata?.name;
  const text = name?.toWellFormed().replaceAll('\0', '').trim().slice(0, MAX_LENGTH).toWellFormed();
  return text || null;
}
