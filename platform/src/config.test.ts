import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, type Env, parseEnv, portSchema, secretSchema, storeConfigSchema } from './config.ts';

const S3 = { STORE: 's3', S3_BUCKET: 'media', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };

describe('storeConfigSchema', () => {
  test.each<{ name: string; env: Env; expected: unknown }>([
    { name: 'a folder by default', env: { STORE_DIR: '/data' }, expected: { kind: 'folder', directory: '/data' } },
    { name: 'a folder by name', env: { STORE: 'folder', STORE_DIR: 'x' }, expected: { kind: 'folder', directory: 'x' } },
    {
      name: 'S3 with its defaults',
      env: S3,
      expected: { kind: 's3', bucket: 'media', region: 'auto', accessKeyId: 'id', secretAccessKey: 'secret', forcePathStyle: true },
    },
    {
      name: 'S3 in full',
      env: { ...S3, S3_ENDPOINT: 'https://s3.example.com', S3_REGION: 'eu', S3_FORCE_PATH_STYLE: 'false', STORE_DIR: 'ignored' },
      expected: {
        kind: 's3',
        bucket: 'media',
        endpoint: 'https://s3.example.com',
        region: 'eu',
        accessKeyId: 'id',
        secretAccessKey: 'secret',
        forcePathStyle: false,
      },
    },
    {
      name: 'empty variables as unset',
      env: { STORE: '', STORE_DIR: '/data', S3_ENDPOINT: '' },
      expected: { kind: 'folder', directory: '/data' },
    },
  ])('reads $name', ({ env, expected }) => {
    expect(parseEnv(storeConfigSchema, env)).toEqual(expected);
  });

  test.each<{ name: string; env: Env; faults: readonly string[] }>([
    { name: 'a folder without a place', env: {}, faults: ['STORE_DIR: needed with STORE=folder'] },
    {
      name: 'S3 without anything',
      env: { STORE: 's3' },
      faults: ['S3_BUCKET: needed with STORE=s3', 'S3_ACCESS_KEY_ID: needed with STORE=s3', 'S3_SECRET_ACCESS_KEY: needed with STORE=s3'],
    },
    { name: 'an unknown kind', env: { STORE: 'ftp' }, faults: ['STORE: '] },
    {
      name: 'an endpoint that is no URL and a word that is no boolean',
      env: { ...S3, S3_ENDPOINT: 'here', S3_FORCE_PATH_STYLE: 'maybe' },
      faults: ['S3_ENDPOINT: ', 'S3_FORCE_PATH_STYLE: '],
    },
  ])('refuses $name, each fault on a line', ({ env, faults }) => {
    const lines = faultsOf(storeConfigSchema, env);
    expect(lines).toHaveLength(faults.length);
    for (const [index, fault] of faults.entries()) expect(lines[index]).toContain(fault);
  });

  test('never repeats a secret in a fault', () => {
    expect(faultsOf(storeConfigSchema, { ...S3, STORE: 'S3' }).join()).not.toContain('secret');
    expect(faultsOf(z.object({ MEDIAFLOW_SECRET: secretSchema }), { MEDIAFLOW_SECRET: 'hunter2' }).join()).not.toContain('hunter2');
  });
});

describe('portSchema', () => {
  const schema = z.object({ PORT: portSchema });
  test.each(['1', '8780', '65535'])('takes %s', (PORT) => expect(parseEnv(schema, { PORT })).toEqual({ PORT: Number(PORT) }));
  test.each(['0', '65536', '-1', '80.5', 'http', '1e9', undefined])('refuses %s', (PORT) => {
    expect(faultsOf(schema, { PORT })).toEqual([expect.stringContaining('PORT: ')]);
  });
});

describe('secretSchema', () => {
  const schema = z.object({ MEDIAFLOW_SECRET: secretSchema });
  test('takes 32 characters', () => {
    expect(parseEnv(schema, { MEDIAFLOW_SECRET: 'x'.repeat(32) })).toEqual({ MEDIAFLOW_SECRET: 'x'.repeat(32) });
  });
  test('says how to make one', () => {
    expect(faultsOf(schema, { MEDIAFLOW_SECRET: 'x'.repeat(31) })).toEqual([
      '  MEDIAFLOW_SECRET: at least 32 characters; `openssl rand -hex 32` makes one',
    ]);
  });
});

test('faults of several variables come at once', () => {
  const schema = z.object({ PORT: portSchema, MEDIAFLOW_SECRET: secretSchema, STORE: z.enum(['folder', 's3']) });
  expect(faultsOf(schema, { PORT: 'x', STORE: 'y' })).toHaveLength(3);
});

/** The lines of the ConfigError below its heading. */
function faultsOf(schema: z.ZodType, env: Env): readonly string[] {
  try {
    parseEnv(schema, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message.split('\n').slice(1);
  }
  return [];
}
