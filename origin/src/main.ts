import { setFlagsFromString } from 'node:v8';
import { createLog } from '@mediaflow/platform/log';
import { parseConfig } from './config.ts';
import { startOrigin } from './origin.ts';

/**
 * Upload chunks live outside V8's heap, which notices them only by their total and then collects the whole heap, some
 * thirty times for each gigabyte: half of an upload's processor time. Small collections at 5 % of the young generation
 * (V8's own: 80 %) free them first; a gigabyte then costs what it costs a bare server.
 */
setFlagsFromString('--minor-gc-task-trigger=5');

const config = parseConfig(process.env);
const log = createLog('origin', config.logLevel);
const origin = await startOrigin(config, log);
log.info({ host: config.host, port: config.port, store: config.store.kind }, 'listening');

let isStopping = false;
async function stop(reason: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({ reason }, 'stopping');
  await origin.close();
  process.exit(0);
}

process.once('SIGTERM', () => void stop('SIGTERM'));
process.once('SIGINT', () => void stop('SIGINT'));
// The launcher that started us is gone; nobody else would stop us.
process.once('disconnect', () => void stop('parent is gone'));
