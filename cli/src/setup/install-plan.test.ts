import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { elevate, installAdvice, installScript, PACKAGE_MANAGERS, packagesFor } from './install-plan.ts';
import { ensurePrograms } from './packages.ts';

test.each([
  ['apt-get', ['ffmpeg', 'redis-server']],
  ['brew', ['ffmpeg', 'redis']],
  ['apk', ['ffmpeg', 'redis']],
] as const)('%s calls them %j', (manager, packages) => {
  expect(packagesFor(manager, ['ffmpeg', 'redis-server'])).toEqual(packages);
});

test.each(PACKAGE_MANAGERS)('the script for %s is one a shell can read', async (manager) => {
  const script = installScript(manager, ['ffmpeg', 'redis-server', 'chromium', 'go']);
  await promisify(execFile)('sh', ['-n', '-c', script]);
  expect(script).toContain('ffmpeg');
});

test('Debian updates its lists first, and starts no service of its own', () => {
  const script = installScript('apt-get', ['redis-server']);
  expect(script.indexOf('apt-get update')).toBeGreaterThan(script.indexOf('policy-rc.d'));
  expect(script.indexOf('apt-get install')).toBeGreaterThan(script.indexOf('apt-get update'));
});

const nobody = { isRoot: false, hasSudo: false, isInteractive: false };
test.each([
  ['apt-get', { ...nobody, isRoot: true }, ['sh', '-c', 'S']],
  ['apt-get', { ...nobody, hasSudo: true }, ['sudo', '-n', 'sh', '-c', 'S']],
  ['apk', { ...nobody, hasSudo: true, isInteractive: true }, ['sudo', 'sh', '-c', 'S']],
  ['brew', nobody, ['sh', '-c', 'S']],
  ['apt-get', nobody, undefined],
] as const)('%s with %j', (manager, have, expected) => {
  expect(elevate(manager, 'S', have)).toEqual(expected);
});

test('advice names the packages of the system at hand', () => {
  expect(installAdvice('apt-get', ['ffmpeg', 'go'])).toContain('apt-get install ffmpeg golang-go');
  expect(installAdvice(undefined, ['ffmpeg'])).toContain('Install ffmpeg');
});

test('without a package manager nothing is run, and the missing program is named', async () => {
  await expect(ensurePrograms(['redis-server'], { PATH: '/nowhere' }, () => undefined)).rejects.toThrow(/redis-server not found\. Install/);
});
