import { ConfigError } from '@mediaflow/platform/config';
import { describe, expect, test } from 'vitest';
import { parseConfig, parseMigrateConfig } from './config.ts';

const COMPLETE = {
  MEDIAFLOW_SECRET: 'x'.repeat(32),
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/db',
  REDIS_URL: 'redis://127.0.0.1:6379/0',
  UPLOAD_URL: 'https://upload.example.com',
  STORE_DIR: '/var/mediaflow',
};

describe('parseConfig', () => {
  test('fills in what may be left out', () => {
    expect(parseConfig(COMPLETE)).toEqual({
      host: '127.0.0.1',
      port: 8781,
      secret: COMPLETE.MEDIAFLOW_SECRET,
      databaseUrl: COMPLETE.DATABASE_URL,
      redisUrl: COMPLETE.REDIS_URL,
      uploadUrl: 'https://upload.example.com',
      maxUploadBytes: 50_000_000_000,
      externalRoot: 'external/{account_id}/',
      logLevel: 'info',
      store: { kind: 'folder', directory: '/var/mediaflow' },
    });
  });

  test('reads what is set', () => {
    const config = parseConfig({ ...COMPLETE, HOST: '0.0.0.0', PORT: '9000', MAX_UPLOAD_BYTES: '1000', UPLOAD_URL: 'http://a/b//' });
    expect(config).toMatchObject({ host: '0.0.0.0', port: 9000, maxUploadBytes: 1000, uploadUrl: 'http://a/b' });
  });

  test.each(['hevc', 'av1'])('offers %s beside H.264 where it is asked for', (SECOND_CODEC) => {
    expect(parseConfig({ ...COMPLETE, SECOND_CODEC })).toMatchObject({ secondCodec: SECOND_CODEC });
  });

  test.each([
    ['vod', 'vod/'],
    ['vod/{account_id}/hls/', 'vod/{account_id}/hls/'],
  ])('takes %s as the root of what may be registered', (EXTERNAL_ROOT, externalRoot) => {
    expect(parseConfig({ ...COMPLETE, EXTERNAL_ROOT })).toMatchObject({ externalRoot });
  });

  test('reads an S3 store', () => {
    const env = { ...COMPLETE, STORE: 's3', S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'k', S3_SECRET_ACCESS_KEY: 's' };
    expect(parseConfig(env).store).toMatchObject({ kind: 's3', bucket: 'b', region: 'auto' });
  });

  test.each([
    ['a short secret', { MEDIAFLOW_SECRET: 'short' }, 'MEDIAFLOW_SECRET'],
    ['another database', { DATABASE_URL: 'mysql://u@h/db' }, 'DATABASE_URL'],
    ['an empty Redis address', { REDIS_URL: '' }, 'REDIS_URL'],
    ['an upload host without a scheme', { UPLOAD_URL: 'upload.example.com' }, 'UPLOAD_URL'],
    ['a port out of range', { PORT: '70000' }, 'PORT'],
    ['a limit of zero', { MAX_UPLOAD_BYTES: '0' }, 'MAX_UPLOAD_BYTES'],
    ['a limit that S3 cannot hold', { MAX_UPLOAD_BYTES: String(6 * 1024 ** 4) }, 'MAX_UPLOAD_BYTES'],
    ['a second codec that nobody makes', { SECOND_CODEC: 'vp8' }, 'SECOND_CODEC'],
    ["our own media as customers' root", { EXTERNAL_ROOT: 'media/{account_id}/' }, 'EXTERNAL_ROOT'],
    ["sources as customers' root", { EXTERNAL_ROOT: 'sources' }, 'EXTERNAL_ROOT'],
    ["the whole bucket as customers' root", { EXTERNAL_ROOT: '/' }, 'EXTERNAL_ROOT'],
    ['a root that climbs', { EXTERNAL_ROOT: 'a/../media/' }, 'EXTERNAL_ROOT'],
    ['no folder', { STORE_DIR: undefined }, 'STORE_DIR'],
  ])('refuses %s', (_, change, name) => {
    expect(() => parseConfig({ ...COMPLETE, ...change })).toThrow(new RegExp(name));
  });

  test('names every fault at once', () => {
    const faults = (() => {
      try {
        return String(parseConfig({ STORE: 's3' }));
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        return String(error);
      }
    })();
    for (const name of ['MEDIAFLOW_SECRET', 'DATABASE_URL', 'REDIS_URL', 'UPLOAD_URL', 'S3_BUCKET', 'S3_ACCESS_KEY_ID']) {
      expect(faults).toContain(name);
    }
  });
});

test('the migrator needs the database alone', () => {
  expect(parseMigrateConfig({ DATABASE_URL: COMPLETE.DATABASE_URL })).toEqual({ databaseUrl: COMPLETE.DATABASE_URL });
  expect(() => parseMigrateConfig({})).toThrow(/DATABASE_URL/);
});
