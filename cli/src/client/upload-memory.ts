import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readFileIfExists, writePrivateFile } from '../files/private-file.ts';
import type { Env } from '../settings.ts';
import type { SourceFile } from './source-file.ts';

const entrySchema = z.object({ uploadId: z.string(), endpoint: z.url(), tusUrl: z.url() });
/** An upload that was begun: the grant in its URLs makes it a private matter. */
export type RememberedUpload = Readonly<z.infer<typeof entrySchema>>;

/** Remembers, per file and installation, where an upload under way goes on. */
export interface UploadMemory {
  recall(): Promise<RememberedUpload | undefined>;
  remember(entry: RememberedUpload): Promise<void>;
  forget(): Promise<void>;
}

/** A file that was touched since is another file. */
export function openUploadMemory(directory: string, apiUrl: string, file: SourceFile): UploadMemory {
  const identity = JSON.stringify([apiUrl, file.path, file.sizeBytes, file.modifiedMs]);
  const path = join(directory, `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.json`);
  return {
    async recall() {
      const text = await readFileIfExists(path);
      if (text === undefined) return undefined;
      try {
        return entrySchema.parse(JSON.parse(text));
      } catch {
        return undefined;
      }
    },
    async remember(entry) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writePrivateFile(path, JSON.stringify(entry));
    },
    forget: () => rm(path, { force: true }),
  };
}

/** Where state belongs by the XDG Base Directory Specification. */
export function uploadMemoryDirectory(env: Env): string {
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'mediaflow', 'uploads');
}
