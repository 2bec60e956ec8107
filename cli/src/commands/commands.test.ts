import { describe, expect, test } from 'vitest';
import { edgeArguments, stringifyVariables } from '../launcher/edge.ts';
import { originPart, planLayout } from '../launcher/parts.ts';
import { parseLaunchSettings, resolveDataDir } from '../settings.ts';
import type { Context } from './context.ts';
import { describeRemaining } from './demo.ts';
import { buildProgram } from './program.ts';
import { variantRows } from './renditions.ts';
import { countReport, formatCount } from './test-count.ts';

const context: Context = {
  env: {},
  cwd: '/',
  output: { print: () => undefined, say: () => undefined, isInteractive: false },
  signal: new AbortController().signal,
};

describe('options', () => {
  test.each([
    [{}, { dataDir: '/repo/.mediaflow', portBase: 8780, workers: 1 }],
    [
      { data: 'x', portBase: '9000', workers: '4' },
      { dataDir: '/here/x', portBase: 9000, workers: 4 },
    ],
    [{ data: '/abs/../y/' }, { dataDir: '/y', portBase: 8780, workers: 1 }],
  ])('%j', (options, expected) => {
    expect(parseLaunchSettings(options, '/here', '/repo')).toEqual(expected);
  });

  test('every fault is named at once', () => {
    expect(() => parseLaunchSettings({ portBase: '80', workers: 'many' }, '/', '/')).toThrow(/--port-base[\s\S]*--workers/);
    expect(() => parseLaunchSettings({ workers: '0' }, '/', '/')).toThrow('--workers');
    expect(() => parseLaunchSettings({ portBase: '65535' }, '/', '/')).toThrow('--port-base');
  });

  test('the data folder does not depend on where one stands', () => {
    expect(resolveDataDir(undefined, '/somewhere', '/repo')).toBe('/repo/.mediaflow');
  });

  test.each([
    [['bogus']],
    [['show']],
    [['ls', '--no-such-option']],
    [['up', 'extra']],
    [['upload', 'x.mp4', '--quality', 'best']],
    [['dead-letters', 'replay']],
    [['revoke', 'asset']],
    [['revoke', 'viewer', 'x']],
  ])('%j is a usage error', async (argv) => {
    const program = buildProgram(context);
    const commands = [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)];
    for (const command of commands) command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    await expect(program.parseAsync(['node', 'mediaflow', ...argv])).rejects.toMatchObject({ exitCode: 1, code: /^commander\./ });
  });
});

describe('layout', () => {
  const settings = { dataDir: '/d', portBase: 9000, workers: 1 };

  test("services of one's own are used, empty variables are none", () => {
    expect(planLayout(settings, { DATABASE_URL: 'postgres://x', REDIS_URL: '' }).external).toEqual({ postgres: true, redis: false });
    expect(planLayout(settings, { UPLOAD_URL: 'https://up' }).uploadUrl).toBe('https://up');
    expect(planLayout(settings, {}).uploadUrl).toBe('http://127.0.0.1:9001');
  });

  test("the command's environment reaches the origin, but not what the launcher decides", async () => {
    const layout = planLayout(settings, { SECOND_CODEC: 'av1', PORT: '1' });
    const { spec } = await originPart(layout, { secret: 's', databaseUrl: 'postgres://x', redisUrl: 'redis://x' }).plan();
    expect(spec.env).toMatchObject({ SECOND_CODEC: 'av1', PORT: '9001' });
  });

  test('the secret is never on the command line', () => {
    const args = edgeArguments({ dataDir: '/d/edge', port: 1, inspectorPort: 2, variableFile: '/d/edge/variables.env' });
    expect(args.join(' ')).not.toContain('MEDIAFLOW_SECRET');
    expect(args).toContain('/d/edge/variables.env');
  });

  test('a variable cannot start another line', () => {
    expect(stringifyVariables({ A: 'x\nB=y', C: '"' })).toBe('A="x\\nB=y"\nC="\\""\n');
  });
});

describe('figures of a test run', () => {
  const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] };
  const report = (changes: object) =>
    JSON.stringify({ numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [passed], ...changes });

  test.each([
    ['all well', report({}), 0, '1 passed, 0 failed, 0 skipped'],
    ['skipped and todo', report({ numPendingTests: 2, numTodoTests: 1 }), 0, '1 passed, 0 failed, 3 skipped'],
    [
      'a failed test',
      report({ numFailedTests: 1, testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }] }),
      1,
      '1 passed, 1 failed, 0 skipped',
    ],
    [
      'a file that could not be loaded',
      report({ testResults: [passed, { status: 'failed', assertionResults: [] }] }),
      1,
      '1 passed, 1 failed, 0 skipped',
    ],
    ['a bad end without a failed test', report({}), 1, '1 passed, 1 failed, 0 skipped'],
    ['killed by a signal', report({}), null, '1 passed, 1 failed, 0 skipped'],
    ['no report', undefined, 0, '0 passed, 1 failed, 0 skipped'],
    ['half a report', '{"numPassedTests":', 0, '0 passed, 1 failed, 0 skipped'],
  ])('%s', (_, text, exitCode, expected) => {
    expect(formatCount(countReport(text, exitCode))).toBe(expected);
  });
});

test('variants are listed largest first', () => {
  const text = [
    '#EXTM3U',
    '#EXT-X-STREAM-INF:BANDWIDTH=800000,AVERAGE-BANDWIDTH=600000,RESOLUTION=640x360,FRAME-RATE=24.000,CODECS="avc1.64001e,mp4a.40.2"',
    'v360/playlist.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080,CODECS="avc1.640028"',
    'v1080/playlist.m3u8',
    '',
  ].join('\n');
  expect(variantRows(text)).toEqual([
    ['1920x1080', '', '5.00 Mb/s', '', 'avc1.640028'],
    ['640x360', '24.000', '0.80 Mb/s', '0.60 Mb/s', 'avc1.64001e,mp4a.40.2'],
  ]);
});

test.each([
  [{ progress: 0 }, 1000, ''],
  [{ progress: 42, eta_seconds: 0 }, 1000, 'ETA 0:00'],
  [{ progress: 60, eta_seconds: 3_725 }, 10_000, 'ETA 1:02:05'],
  [{ progress: 100 }, 65_000, '1:05'],
])('%j after %i ms: %j', (progress, elapsedMs, expected) => {
  expect(describeRemaining({ state: 'transcoding', ...progress }, elapsedMs)).toBe(expected);
});
