import { createLog } from '@mediaflow/platform/log';
import { parseConfig } from './config.ts';
import { startWorker } from './worker.ts';

const config = parseConfig(process.env);
const log = createLog('worker', config.logLevel);
const worker = await startWorker(config, log);
log.info({ port: worker.port }, 'worker started');

let isStopping = false;
const stop = (reason: string): void => {
  if (isStopping) return;
  isStopping = true;
  log.info({ reason }, 'worker stopping');
  worker.stop().then(
    () => process.exit(0),
    (err: unknown) => {
      log.error({ err }, 'worker did not stop cleanly');
      process.exit(1);
    },
  );
};
process.once('SIGTERM', () => stop('SIGTERM'));
process.once('SIGINT', () => stop('SIGINT'));
// The launcher is gone: an orphan would go on taking jobs.
process.once('disconnect', () => stop('parent gone'));
