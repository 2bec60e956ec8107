import { expect, test } from 'vitest';
import { lastWords } from './detached.ts';

test("a launcher's last words are told without its name, with all that came before them", () => {
  expect(lastWords('starting Postgres and Redis\nmediaflow: redis does not start:\nno memory\n')).toBe(
    'starting Postgres and Redis\nredis does not start:\nno memory',
  );
  expect(lastWords('mediaflow: Cannot start')).toBe('Cannot start');
});
