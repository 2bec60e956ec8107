import { createLog } from '@mediaflow/platform/log';
import { createProducer } from '@mediaflow/platform/queue';
import { AppError } from '@mediaflow/shared/errors';
import { newAssetId } from '@mediaflow/shared/ids';
import { expect, inject, test } from 'vitest';
import { createReporter } from './outcome.ts';

const log = createLog('test', 'silent');
const assetId = newAssetId();
const { signal } = new AbortController();

test('an outcome that cannot be one is a failure at once: no queue will ever take it', async () => {
  const producer = createProducer(`${inject('redisUrl')}/15`, log);
  try {
    const rungs = [{ renditionId: 'v240', ssim: Number.NaN, sampledSegments: 1 }];
    await expect(createReporter(producer, log)({ kind: 'measured', assetId, version: 1, rungs }, signal)).rejects.toThrow(/ssim/);
  } finally {
    await producer.close();
  }
});

test('an outcome waits for a queue that is away', async () => {
  let refusals = 2;
  const producer = {
    enqueue: async () => {
      refusals -= 1;
      if (refusals >= 0) throw new AppError('unavailable', 'Redis does not answer.');
    },
  };
  await createReporter(producer, log)({ kind: 'poster', assetId, version: 1 }, signal);
  expect(refusals).toBe(-1);
});
