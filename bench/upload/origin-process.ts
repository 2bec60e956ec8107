import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assetSchema, uploadSchema } from '@mediaflow/shared/api';
import { bootstrapAnswerSchema } from '@mediaflow/shared/internal';
import { PRINCIPAL_HEADER, signPrincipal } from '@mediaflow/shared/principal';
import { deriveHmacKey } from '@mediaflow/shared/signed';
import { nodeCommand } from '../../cli/src/launcher/node-command.ts';
import { findFreePort } from '../../cli/src/services/free-port.ts';
import { startPostgres } from '../../cli/src/services/postgres.ts';
import { startRedis } from '../../cli/src/services/redis.ts';
import { type RunningService, startService } from '../../cli/src/services/service.ts';

/** A real origin on services of its own, with nobody to work on what is uploaded. */
export interface OriginProcess {
  readonly pid: number;
  /** Where objects lie. */
  readonly storeDir: string;
  /** Creates an upload as the edge would; resolves to its id and the URL that takes its bytes. */
  createUpload(): Promise<{ readonly id: string; readonly url: string }>;
  /** SHA-256 that the origin computed for a finished upload. */
  readSha256(uploadId: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

export async function startOrigin(directory: string): Promise<OriginProcess> {
  const started: RunningService[] = [];
  const stop = async (): Promise<void> => {
    for (const service of started.toReversed()) await service.stop();
  };
  const keep = <T extends RunningService>(service: T): T => {
    started.push(service);
    return service;
  };
  try {
    const postgres = keep(await startPostgres({ dataDir: join(directory, 'postgres'), port: await findFreePort() }));
    const redis = keep(await startRedis({ dataDir: join(directory, 'redis'), port: await findFreePort() }));
    const [port, secret, storeDir] = [await findFreePort(), randomBytes(32).toString('hex'), join(directory, 'objects')];
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      MEDIAFLOW_SECRET: secret,
      PORT: String(port),
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      UPLOAD_URL: url,
      STORE: 'folder',
      STORE_DIR: storeDir,
      LOG_LEVEL: 'warn',
    };
    const migrate = nodeCommand('origin/src/migrate.ts');
    await promisify(execFile)(migrate.command, migrate.args, { env });
    const origin = keep(
      await startService({
        url,
        spec: { name: 'origin', ...nodeCommand('origin/src/main.ts'), env, cwd: directory, stopSignal: 'SIGTERM', stopGraceMs: 15_000 },
        ping: () => assertReady(url),
      }),
    );
    return { pid: origin.pid, storeDir, stop, ...(await connect(url, secret)) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assertReady(url: string): Promise<void> {
  const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`The origin is not ready: ${await response.text()}`);
}

async function connect(url: string, secret: string): Promise<Pick<OriginProcess, 'createUpload' | 'readSha256'>> {
  const key = await deriveHmacKey(secret, 'principal');
  const call = async (method: string, path: string, principal: Parameters<typeof signPrincipal>[1]): Promise<unknown> => {
    const headers = { [PRINCIPAL_HEADER]: await signPrincipal(key, principal, Date.now() / 1000), 'content-type': 'application/json' };
    const response = await fetch(url + path, { method, headers, ...(method === 'POST' && { body: '{}' }) });
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${await response.text()}`);
    return await response.json();
  };
  const account = bootstrapAnswerSchema.parse(await call('POST', '/internal/bootstrap', { kind: 'service', name: 'bench' }));
  const principal = { kind: 'token', accountId: account.account_id, tokenId: account.token_id } as const;
  const data = async (method: string, path: string): Promise<unknown> => {
    const body = await call(method, path, principal);
    return typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
  };
  return {
    async createUpload() {
      const upload = uploadSchema.parse(await data('POST', '/video/v1/uploads'));
      return { id: upload.id, url: upload.url ?? '' };
    },
    async readSha256(uploadId) {
      const upload = uploadSchema.parse(await data('GET', `/video/v1/uploads/${uploadId}`));
      const asset = assetSchema.parse(await data('GET', `/video/v1/assets/${upload.asset_id}`));
      return asset.source?.sha256;
    },
  };
}
