import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** In a process of its own: the log writes to standard output, past anything a test could put in its way. */
async function logLines(statements: string, level: string): Promise<readonly Record<string, unknown>[]> {
  const script = `
    import { createLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)};
    const log = createLog('origin', ${JSON.stringify(level)});
    ${statements}`;
  const args = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line): Record<string, unknown> => JSON.parse(line));
}

test('one JSON object a line, with time, level and the name of the process', async () => {
  const [line, ...rest] = await logLines(`log.debug('unseen'); log.info({ assetId: 'a' }, 'seen');`, 'info');
  expect(rest).toEqual([]);
  expect(line).toMatchObject({
    level: 'info',
    name: 'origin',
    assetId: 'a',
    msg: 'seen',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

test('credentials do not reach the log, at the top or one level down', async () => {
  const secrets = { authorization: 'hidden', cookie: 'hidden', secret: 'hidden', token: 'hidden' };
  const lines = await logLines(`log.info(${JSON.stringify({ ...secrets, headers: secrets })}, 'request');`, 'info');
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain('hidden');
});

test('an error keeps its stack and its cause', async () => {
  const [line] = await logLines(`log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');`, 'warn');
  expect(line).toMatchObject({
    level: 'error',
    err: { message: expect.stringContaining('outer'), stack: expect.stringContaining('inner') },
  });
});
