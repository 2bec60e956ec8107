import { join } from 'node:path';
import { type CredentialsFile, credentialsFileSchema } from '@mediaflow/shared/credentials-file';
import { bootstrapAnswerSchema } from '@mediaflow/shared/internal';
import { PRINCIPAL_HEADER, signPrincipal } from '@mediaflow/shared/principal';
import { deriveHmacKey, sha256Hex } from '@mediaflow/shared/signed';
import { readFileIfExists, writePrivateFile } from '../files/private-file.ts';

export interface BootstrapTarget {
  readonly dataDir: string;
  readonly originUrl: string;
  readonly edgeUrl: string;
  readonly uploadUrl: string;
  readonly secret: string;
}

export const credentialsPath = (dataDir: string): string => join(dataDir, 'credentials.json');

/**
 * The installation's credentials: those of the file while the database knows them, else a new account's, with the file kept as
 * `credentials.previous.json` (another database was given). Addresses in the file follow the ports. Needs a running origin.
 */
export async function ensureCredentials(target: BootstrapTarget): Promise<CredentialsFile> {
  const path = credentialsPath(target.dataDir);
  const previous = await readFileIfExists(path);
  const known = parseCredentials(previous);
  const addresses = { api_url: target.edgeUrl, upload_url: target.uploadUrl, playback_url: target.edgeUrl };
  if (known !== undefined && (await isKnown(target, known))) {
    const current = { ...known, ...addresses };
    if (JSON.stringify(current) !== JSON.stringify(known)) await writeCredentials(path, current);
    return current;
  }
  if (previous !== undefined) await writePrivateFile(join(target.dataDir, 'credentials.previous.json'), previous);
  const created = bootstrapAnswerSchema.parse(await (await post(target, '/internal/bootstrap', {}, [200, 201])).json());
  const credentials = { ...addresses, ...created };
  await writeCredentials(path, credentials);
  return credentials;
}

/** The parsed file, undefined for one that is not there or not whole. */
export async function readCredentials(dataDir: string): Promise<CredentialsFile | undefined> {
  return parseCredentials(await readFileIfExists(credentialsPath(dataDir)));
}

function parseCredentials(text: string | undefined): CredentialsFile | undefined {
  if (text === undefined) return undefined;
  try {
    return credentialsFileSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function writeCredentials(path: string, credentials: CredentialsFile): Promise<void> {
  return writePrivateFile(path, `${JSON.stringify(credentials, undefined, 2)}\n`);
}

async function isKnown(target: BootstrapTarget, { token_id, token_secret }: CredentialsFile): Promise<boolean> {
  const body = { token_id, secret_sha256: await sha256Hex(token_secret) };
  const answer = await post(target, '/internal/credentials', body, [200, 401, 404]);
  return answer.ok;
}

async function post({ originUrl, secret }: BootstrapTarget, path: string, body: unknown, expected: readonly number[]): Promise<Response> {
  const principal = await signPrincipal(await deriveHmacKey(secret, 'principal'), { kind: 'service', name: 'launcher' }, Date.now() / 1000);
  const response = await fetch(`${originUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [PRINCIPAL_HEADER]: principal },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (!expected.includes(response.status)) {
    throw new Error(`The origin answered ${response.status} to POST ${path}: ${(await response.text()).slice(0, 500)}`);
  }
  return response;
}
