import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * The limit an upload host is measured against: `node bare-server.ts PORT FILE` takes a body, hashes it with SHA-256 and pipes it to
 * a file, and does nothing else. Answers with the hash.
 */
const [port, file = ''] = process.argv.slice(2);

createServer(async (request, response) => {
  const hash = createHash('sha256');
  request.on('data', (chunk) => hash.update(chunk));
  await pipeline(request, createWriteStream(file));
  response.end(hash.digest('hex'));
}).listen(Number(port), '127.0.0.1');
