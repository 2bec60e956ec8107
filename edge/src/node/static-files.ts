import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import type { Bytes } from '@mediaflow/shared/signed';
import type { Ports } from '../ports.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

interface StaticFile {
  readonly bytes: Bytes;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A folder of files as a Worker's assets binding serves them. All of it is read once: it is small, it does not change while we run,
 * and a path that is not in the map reaches no file, whatever is in it.
 */
export async function openStaticFiles(directory: string): Promise<Ports['assets']> {
  const files = new Map<string, StaticFile>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(directory, path)}`, await readStaticFile(path));
  }
  return {
    fetch: async (request) => {
      const file = files.get(new URL(request.url).pathname);
      if (file === undefined) return new Response(null, { status: 404 });
      if (request.headers.get('if-none-match') === file.headers.etag) return new Response(null, { status: 304, headers: file.headers });
      return new Response(request.method === 'HEAD' ? null : file.bytes, { headers: file.headers });
    },
  };
}

async function readStaticFile(path: string): Promise<StaticFile> {
  const bytes = new Uint8Array(await readFile(path));
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  return {
    bytes,
    headers: { 'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream', etag: `"${digest}"` },
  };
}
