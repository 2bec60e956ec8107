import { expect, it } from 'vitest';
import { createTestEdge } from '../testing/edge.ts';
import { describeObjectReader } from '../testing/object-reader-contract.ts';
import { createOriginPullReader } from './origin-pull.ts';

describeObjectReader('origin pull', async () => {
  const { origin, ports } = await createTestEdge();
  return {
    reader: createOriginPullReader(ports.origin),
    put: async (key, bytes) => origin.objects.set(key, bytes),
    breakDown: () => {
      origin.outageStatus = 502;
    },
  };
});

it('takes no object without a length for one', async () => {
  const { ports } = await createTestEdge();
  const reader = createOriginPullReader({ ...ports.origin, fetchObject: async () => new Response('bytes') });
  await expect(reader.get('key')).rejects.toMatchObject({ code: 'internal' });
});
