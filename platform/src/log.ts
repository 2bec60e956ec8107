import pino from 'pino';

export type Log = pino.Logger;

/** JSON lines on standard output. Ids are logged, payloads and credentials never; the redaction is the second line of defence. */
export function createLog(name: string, level = 'info'): Log {
  return pino({
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['*.authorization', '*.cookie', '*.secret', '*.token', 'authorization', 'cookie', 'secret', 'token'],
  });
}
