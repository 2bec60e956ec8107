import { type Consumer, createDeafnessWatch, type Producer } from '@mediaflow/platform/queue';

/** A consumer is deaf when it is free and takes none of the jobs that have been waiting for so long. */
const DEAF_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 5_000;

export interface ConsumerWatch {
  /** The sentence for `/health`; undefined while every consumer works. */
  readonly findFault: () => string | undefined;
  /** Resolves to that sentence once there is one. */
  readonly deaf: Promise<string>;
  close(): void;
}

/** Looks at every consumer, by the name of its queue, again and again, and asks Redis on another connection what there is to take. */
export function watchConsumers(
  consumers: ReadonlyMap<string, Consumer>,
  producer: Pick<Producer, 'countJobs'>,
  { deafAfterMs = DEAF_AFTER_MS, lookEveryMs = LOOK_EVERY_MS } = {},
): ConsumerWatch {
  const watches = [...consumers].map(([name, consumer]) => ({ name, consumer, watch: createDeafnessWatch(deafAfterMs) }));
  const { promise: deaf, resolve: report } = Promise.withResolvers<string>();
  let fault: string | undefined;
  let isClosed = false;

  const look = async (): Promise<void> => {
    for (const { name, consumer, watch } of watches) {
      const counts = await producer.countJobs({ name }).catch(() => undefined);
      const takeable = counts && counts.waiting - counts.delayed;
      if (!watch.isDeaf(consumer.state(), takeable, performance.now())) continue;
      fault = `The queue ${name} has had work for ${deafAfterMs / 1000} s, and this worker takes none of it.`;
      report(fault);
    }
  };
  let timer = setTimeout(lookAgain, lookEveryMs);
  async function lookAgain(): Promise<void> {
    await look();
    if (fault === undefined && !isClosed) timer = setTimeout(lookAgain, lookEveryMs);
  }
  return {
    findFault: () => fault,
    deaf,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
