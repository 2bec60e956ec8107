import { createLog } from '@mediaflow/platform/log';
import { parseConfig } from './config.ts';
import { startWorker } from './worker.ts';

const config = parseConfig(process.env);
const log = createLog('worker', config.logLevel);

const stopReason = new Promise<string>((resolve) => {
  process.once('SIGTERM', () => resolve('SIGTERM'));
  process.once('SIGINT', () => resolve('SIGINT'));
  // The launcher is gone: an orphan would go on taking jobs.
  process.once('disconnect', () => resolve('parent gone'));
});

const worker = await startWorker(config, log);
log.info({ port: worker.port }, 'worker started');
const isDeaf = await Promise.race([stopReason.then((reason) => log.info({ reason }, 'worker stopping')), worker.deaf.then(complain)]);
await worker.stop();
// Whoever started the process starts another: a launcher, a container's restart policy.
process.exit(isDeaf === true ? 1 : 0);

function complain(reason: string): true {
  log.error({ reason }, 'worker ends itself');
  return true;
}
