import { AppError } from '@mediaflow/shared/errors';
import { CommanderError } from 'commander';
import type { Context } from './commands/context.ts';
import { describeFailure } from './commands/failure.ts';
import { buildProgram } from './commands/program.ts';
import { createOutput } from './ui/output.ts';

const USAGE_ERROR = 2;

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second Ctrl-C: the kernel ends our children with us.
    if (stopping.signal.aborted && signal === 'SIGINT') process.exit(130);
    stopping.abort(new CommanderError(130, 'stopped', `stopped by ${signal}`));
  });
}

const context: Context = {
  env: process.env,
  cwd: process.cwd(),
  output: createOutput(process.stdout, process.stderr),
  signal: stopping.signal,
};

try {
  await buildProgram(context).parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 1 ? USAGE_ERROR : error.exitCode;
  else {
    context.output.say(`mediaflow: ${describeFailure(error, context.env.MEDIAFLOW_DEBUG !== undefined)}`);
    process.exitCode = error instanceof AppError && error.code === 'invalid_parameters' ? USAGE_ERROR : 1;
  }
}
