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
  expect(parseEnv({ MEDIAFLOW_SECRET: SECRET, ...env })).toEqual({ secret: SECRET, ...expected });
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
