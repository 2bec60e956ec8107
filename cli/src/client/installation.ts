import { AppError } from '@mediaflow/shared/errors';
import { readCredentials } from '../launcher/bootstrap.ts';
import type { Env } from '../settings.ts';
import { commandLine } from '../ui/command-line.ts';

/** An installation, here or elsewhere, and what opens it. */
export interface Installation {
  /** No slash at the end. */
  readonly apiUrl: string;
  readonly playbackUrl: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
  readonly signingKey?: SigningKeyPair;
}

export interface SigningKeyPair {
  readonly id: string;
  /** Base64 of a PKCS#8 PEM, as Mux hands out. */
  readonly privateKey: string;
}

/**
 * The one that the environment names, else the one of this data folder. Throws `unauthorized` when the environment names
 * half of one, `not_found` when there is none.
 */
export async function findInstallation(env: Env, dataDir: string): Promise<Installation> {
  if (env.MEDIAFLOW_URL || env.MEDIAFLOW_TOKEN_ID || env.MEDIAFLOW_TOKEN_SECRET) return fromEnvironment(env);
  const credentials = await readCredentials(dataDir);
  if (credentials === undefined) {
    throw new AppError(
      'not_found',
      `There is no installation in ${dataDir}. Start one with: ${commandLine('up', dataDir)}, or set MEDIAFLOW_URL, MEDIAFLOW_TOKEN_ID and MEDIAFLOW_TOKEN_SECRET.`,
    );
  }
  return {
    apiUrl: credentials.api_url,
    playbackUrl: credentials.playback_url,
    tokenId: credentials.token_id,
    tokenSecret: credentials.token_secret,
    signingKey: { id: credentials.signing_key_id, privateKey: credentials.signing_private_key },
  };
}

/**
 * The one at this address: with the credentials that the environment names, else with those of the data folder if they are for it. Nobody
 * else is sent them.
 */
export async function findInstallationAt(origin: string, env: Env, dataDir: string): Promise<Installation | undefined> {
  if (env.MEDIAFLOW_TOKEN_ID || env.MEDIAFLOW_TOKEN_SECRET) return fromEnvironment({ ...env, MEDIAFLOW_URL: origin });
  const local = await findInstallation({}, dataDir).catch(() => undefined);
  return [local?.apiUrl, local?.playbackUrl].includes(origin) ? local : undefined;
}

/** Pure. */
export function fromEnvironment(env: Env): Installation {
  const needed = ['MEDIAFLOW_URL', 'MEDIAFLOW_TOKEN_ID', 'MEDIAFLOW_TOKEN_SECRET'] as const;
  const missing = needed.filter((name) => !env[name]);
  if (missing.length > 0) throw new AppError('unauthorized', `Set ${missing.join(' and ')} as well, or none of ${needed.join(', ')}.`);
  const apiUrl = env.MEDIAFLOW_URL ?? '';
  if (!URL.canParse(apiUrl) || !/^https?:/.test(apiUrl)) {
    throw new AppError('invalid_parameters', `MEDIAFLOW_URL is no http address: "${apiUrl}"`);
  }
  const { MEDIAFLOW_SIGNING_KEY_ID: id, MEDIAFLOW_SIGNING_PRIVATE_KEY: privateKey } = env;
  const base = apiUrl.replace(/\/+$/, '');
  return {
    apiUrl: base,
    playbackUrl: base,
    tokenId: env.MEDIAFLOW_TOKEN_ID ?? '',
    tokenSecret: env.MEDIAFLOW_TOKEN_SECRET ?? '',
    ...(id && privateKey && { signingKey: { id, privateKey } }),
  };
}
