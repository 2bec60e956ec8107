import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetId } from '@mediaflow/shared/ids';

/** SHA-256 of each stored video segment of an asset, by its path below the version. */
export async function hashVideoSegments(dataDir: string, assetId: AssetId): Promise<ReadonlyMap<string, string>> {
  const folder = join(dataDir, 'objects', 'media', assetId, '1');
  const files = (await readdir(folder, { recursive: true })).filter((name) => /^v[\w-]+\/\d+\.m4s$/.test(name)).toSorted();
  return new Map(
    await Promise.all(
      files.map(
        async (name) =>
          [
            name,
            createHash('sha256')
              .update(await readFile(join(folder, name)))
              .digest('hex'),
          ] as const,
      ),
    ),
  );
}

/** Paths whose segments differ or are missing on one side. */
export function findDifferences(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter((name) => left.get(name) !== right.get(name));
}
