import { z } from 'zod';
import { createLog } from '../log.ts';
import { consume } from '../queue.ts';

/**
 * A worker to be killed: `node hold-job.ts REDIS_URL QUEUE` takes one job, says `taken` and never finishes it.
 * A process of its own, because only that can be killed.
 */
const [redisUrl = '', name = ''] = process.argv.slice(2);

consume(
  { name, payload: z.unknown(), key: () => 'unused', retry: { attempts: 1, backoffMs: 1 } },
  {
    redisUrl,
    concurrency: 1,
    log: createLog('hold-job', 'fatal'),
    handle: () => {
      process.stdout.write('taken\n');
      return new Promise(() => undefined);
    },
    timing: { lockMs: 500, stalledCheckMs: 100, silenceMs: 20_000, closeMs: 1_000, restMs: 50 },
  },
);
