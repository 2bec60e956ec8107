import { AppError } from '@mediaflow/shared/errors';
import { expect, it } from 'vitest';
import { parseEnv } from './env.ts';

const SECRET = 'x'.repeat(32);

it.each([
  [{ ORIGIN_URL: 'http://127.0.0.1:8781/' }, { originUrl: 'http://127.0.0.1:8781', uploadOrigin: 'http://127.0.0.1:8781' }],
  [
    { ORIGIN_URL: 'https://origin.internal/base', UPLOAD_URL: 'https://upload.example.com/x' },
    { originUrl: 'https://origin.internal/base', uploadOrigin: 'https://upload.example.com' },
  ],
  [
    { ORIGIN_URL: 'http://o', UPLOAD_URL: '' },
    { originUrl: 'http://o', uploadOrigin: 'http://o' },
  ],
])('reads %j', (env, expected) => {
  expect(parseEnv({ MEDIAFLOW_SECRET: SECRET, ...env })).toMatchObject({ secret: SECRET, readers: ['origin'], ...expected });
});

const BASE = { MEDIAFLOW_SECRET: SECRET, ORIGIN_URL: 'http://o' };
const S3 = { S3_BUCKET: 'media', S3_ENDPOINT: 'https://s3.example.com', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'key' };

it.each([
  [{}, ['origin']],
  [{ MEDIA: {} }, ['r2']],
  [S3, ['s3']],
  [{ ...S3, MEDIA: {} }, ['r2', 's3']],
  [{ ...S3, MEDIA: {}, READERS: 's3, origin' }, ['s3', 'origin']],
  [{ READERS: '' }, ['origin']],
])('reads media from what %j has', (env, readers) => {
  expect(parseEnv({ ...BASE, ...env }).readers).toEqual(readers);
});

it('reads an S3, whose address follows from its region at AWS', () => {
  const keys = { accessKeyId: 'id', secretAccessKey: 'key', bucket: 'media' };
  expect(parseEnv({ ...BASE, ...S3 }).s3).toEqual({ ...keys, endpoint: 'https://s3.example.com', region: 'auto', forcePathStyle: true });
  const aws = { ...S3, S3_ENDPOINT: '', S3_REGION: 'eu-central-1', S3_FORCE_PATH_STYLE: 'false' };
  expect(parseEnv({ ...BASE, ...aws }).s3).toEqual({
    ...keys,
    endpoint: 'https://s3.eu-central-1.amazonaws.com',
    region: 'eu-central-1',
    forcePathStyle: false,
  });
});

it.each([
  [{ READERS: 'r2' }, ['READERS']],
  [{ READERS: 's3' }, ['READERS']],
  [{ READERS: 'ftp' }, ['READERS']],
  [{ READERS: 'origin,origin' }, ['READERS']],
  [{ S3_BUCKET: 'media' }, ['S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']],
])('refuses %j', (env, names) => {
  const read = (): unknown => {
    try {
      return parseEnv({ ...BASE, ...env });
    } catch (error) {
      return (error as AppError).details;
    }
  };
  expect(read()).toEqual({ faults: names.map((name) => expect.stringContaining(name)) });
});

it('names every fault at once, and no value', () => {
  const parse = () => parseEnv({ MEDIAFLOW_SECRET: 'short', ORIGIN_URL: 'ftp://x' });
  expect(parse).toThrow(AppError);
  try {
    parse();
  } catch (error) {
    const text = JSON.stringify((error as AppError).details);
    expect(text).toContain('MEDIAFLOW_SECRET');
    expect(text).toContain('ORIGIN_URL');
    expect(text).not.toContain('short');
  }
});
