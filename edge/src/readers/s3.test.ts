import { describeObjectReader } from '../testing/object-reader-contract.ts';
import { createS3Reader } from './s3.ts';

/** On every runtime the driver signs what it asks and reads what it is told; `node/s3-reader.test.ts` has a real server verify it. */
describeObjectReader('an S3 over fetch', async () => {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  let isBroken = false;

  const answer = (request: Request): Response => {
    const signature =
      /^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/auto\/s3\/aws4_request, SignedHeaders=[\w;-]*host[\w;-]*, Signature=[0-9a-f]{64}$/;
    if (!signature.test(request.headers.get('authorization') ?? '')) return refuse(403, 'AccessDenied');
    if (isBroken) return refuse(503, 'SlowDown');
    const bytes = objects.get(new URL(request.url).pathname);
    if (bytes === undefined) return refuse(404, 'NoSuchKey');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get('range') ?? '');
    const part = range === null ? bytes : bytes.subarray(Number(range[1]), Number(range[2]) + 1);
    const headers = new Headers({ 'content-length': String(part.length), etag: `"${bytes.length}"` });
    if (range !== null) headers.set('content-range', `bytes ${range[1]}-${range[2]}/${bytes.length}`);
    return new Response(request.method === 'HEAD' ? null : part, { status: range === null ? 200 : 206, headers });
  };
  const config = {
    bucket: 'media',
    endpoint: 'http://s3.test',
    region: 'auto',
    accessKeyId: 'id',
    secretAccessKey: 'key',
    forcePathStyle: false,
  };
  return {
    reader: createS3Reader({ config, fetch: async (request) => answer(request), retry: { baseMs: 1 } }),
    put: async (key, bytes) => objects.set(`/${key}`, bytes),
    breakDown: () => {
      isBroken = true;
    },
  };
});

const refuse = (status: number, code: string): Response => new Response(`<Error><Code>${code}</Code></Error>`, { status });
