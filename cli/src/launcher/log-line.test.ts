import { expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';

test.each([
  ['{"level":"info","time":"2026","name":"origin","msg":"listening","port":8781}', 'listening port=8781'],
  [
    '{"level":"error","msg":"job failed","job":"a_1","err":{"message":"no such file","stack":"…"}}',
    'error job failed job=a_1: no such file',
  ],
  ['{"level":"info","req":{"id":"1"}}', ' req={"id":"1"}'],
  ['{"not":"a log line"}', '{"not":"a log line"}'],
  ['{"level":', '{"level":'],
  ['plain text', 'plain text'],
  ['\u001b[31mred\u001b[0m\u0007', 'red'],
  ['', ''],
])('%j', (line, expected) => {
  expect(formatLogLine(line)).toBe(expected);
});
