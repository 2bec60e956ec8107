import { createLog } from '@mediaflow/platform/log';
import { parseConfig } from './config.ts';
import { startOrigin } from './origin.ts';

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
