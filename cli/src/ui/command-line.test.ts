import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../repository.ts';
import { commandLine } from './command-line.ts';

test.each([
  [join(REPOSITORY, '.mediaflow'), './mediaflow down'],
  ['/srv/films', './mediaflow down --data /srv/films'],
  ["/home/me/my film's", String.raw`./mediaflow down --data '/home/me/my film'\''s'`],
])('%s', (dataDir, expected) => {
  expect(commandLine('down', dataDir)).toBe(expected);
});
