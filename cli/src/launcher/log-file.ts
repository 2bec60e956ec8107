import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isErrno } from '../files/private-file.ts';

/** A log never takes more than twice this: the file and its predecessor, `{path}.1`. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_LINE_CHARACTERS = 16_384;

export interface LogFile {
  readonly path: string;
  write(line: string): void;
}

/**
 * Appends whole lines. Synchronous on purpose: what a crashing child said last is on disk before anything else happens,
 * and the volume is a few lines per request at most.
 */
export function openLogFile(path: string, maxBytes = MAX_BYTES): LogFile {
  let sizeBytes = 0;
  const begin = (): void => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    sizeBytes = sizeOf(path);
  };
  const append = (text: string): void => {
    if (sizeBytes > 0 && sizeBytes + text.length > maxBytes) {
      renameSync(path, `${path}.1`);
      sizeBytes = 0;
    }
    appendFileSync(path, text, { mode: 0o600 });
    sizeBytes += Buffer.byteLength(text);
  };
  begin();
  return {
    path,
    write(line) {
      const text = `${line.slice(0, MAX_LINE_CHARACTERS)}\n`;
      try {
        append(text);
      } catch (error) {
        // Neither a full disk nor somebody who tidies up may bring the platform down.
        if (isErrno(error, 'ENOSPC')) return rmSync(`${path}.1`, { force: true });
        if (!isErrno(error, 'ENOENT')) throw error;
        begin();
        append(text);
      }
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
