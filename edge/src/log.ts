/** One JSON line for each fault. Paths are logged as route patterns only: a session or token in a path is a secret. */
export interface Log {
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export const consoleLog: Log = {
  error(message, fields) {
    // biome-ignore lint/suspicious/noConsole: the console is the Workers runtime's log
    console.error(JSON.stringify({ level: 'error', name: 'edge', msg: message, ...fields }));
  },
};

/** Error to plain data, cause included. */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('details' in error && { details: error.details }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
