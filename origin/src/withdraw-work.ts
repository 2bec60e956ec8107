import type { Log } from '@mediaflow/platform/log';
import type { Producer } from '@mediaflow/platform/queue';
import type { OutboxJob } from './db/outbox.ts';
import { withDefinition } from './work-definition.ts';

export interface WithdrawOptions {
  readonly producer: Pick<Producer, 'withdraw'>;
  readonly log: Log;
}

/** Takes work that nobody wants any more out of the queue, where it waits. What cannot be withdrawn is done in vain, and harms nobody. */
export async function withdrawWork({ producer, log }: WithdrawOptions, work: readonly OutboxJob[]): Promise<void> {
  const withdrawals = work.map(({ job, payload }) =>
    withDefinition(job, payload, (definition, parsed) => producer.withdraw(definition, parsed)),
  );
  const [failed] = (await Promise.allSettled(withdrawals)).filter(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') log.warn({ err: failed.reason }, 'work not withdrawn');
}
