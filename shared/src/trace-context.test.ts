import { expect, test } from 'vitest';
import { continueTrace, parseTraceparent, stringifyTraceparent } from './trace-context.ts';

const [TRACE, PARENT] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

test.each([
  [`00-${TRACE}-${PARENT}-01`, { traceId: TRACE, isSampled: true }],
  [`00-${TRACE}-${PARENT}-00`, { traceId: TRACE, isSampled: false }],
  [`00-${TRACE}-${PARENT}-03`, { traceId: TRACE, isSampled: true }],
  [`cc-${TRACE}-${PARENT}-01-what-comes-later`, { traceId: TRACE, isSampled: true }],
  [`00-${TRACE}-${PARENT}-01-more`, undefined],
  [`ff-${TRACE}-${PARENT}-01`, undefined],
  [`00-${'0'.repeat(32)}-${PARENT}-01`, undefined],
  [`00-${TRACE}-${'0'.repeat(16)}-01`, undefined],
  [`00-${TRACE.toUpperCase()}-${PARENT}-01`, undefined],
  [`00-${TRACE.slice(1)}-${PARENT}-01`, undefined],
  [`00-${TRACE}-${PARENT}`, undefined],
  [` 00-${TRACE}-${PARENT}-01`, undefined],
  // Two headers arrive as one.
  [`00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`, undefined],
  ['', undefined],
])('traceparent %j is %j', (text, parsed) => {
  expect(parseTraceparent(text)).toEqual(parsed);
});

test('a trace goes on as a new part of it, with its state', () => {
  const trace = continueTrace(`00-${TRACE}-${PARENT}-01`, 'vendor=a:b,other@sys=1');
  expect(trace).toEqual({
    traceId: TRACE,
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    isSampled: true,
    state: 'vendor=a:b,other@sys=1',
  });
  expect(trace.spanId).not.toBe(PARENT);
  expect(parseTraceparent(stringifyTraceparent(trace))).toEqual({ traceId: TRACE, isSampled: true });
});

test.each([
  '',
  ',',
  'a',
  'A=1',
  'a=1,a=2',
  'a=b=c',
  `a=${'x'.repeat(600)}`,
  'a=\u00e9',
  Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(','),
])('tracestate %j is dropped', (state) => {
  expect(continueTrace(`00-${TRACE}-${PARENT}-01`, state).state).toBeUndefined();
});

test('what names no trace begins a new one, and its state goes with it', () => {
  const [one, two] = [continueTrace('nonsense', 'a=1'), continueTrace(undefined, undefined)];
  expect(one.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(one.traceId).not.toBe(two.traceId);
  expect(one.state).toBeUndefined();
});
