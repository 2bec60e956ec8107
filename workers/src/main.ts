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
log.info({ reason: await stopReason }, 'worker stopping');
await worker.stop();
process.exit(0);
