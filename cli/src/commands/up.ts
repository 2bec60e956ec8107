import { credentialsPath } from '../launcher/bootstrap.ts';
import { startDetached } from '../launcher/detached.ts';
import { formatLogLine } from '../launcher/log-line.ts';
import { type PlatformListener, startPlatform } from '../launcher/platform.ts';
import { REPOSITORY } from '../repository.ts';
import { type LaunchOptions, type LaunchSettings, parseLaunchSettings } from '../settings.ts';
import { ensurePrograms } from '../setup/packages.ts';
import { commandLine } from '../ui/command-line.ts';
import { type Output, paint } from '../ui/output.ts';
import type { Context } from './context.ts';

export interface UpOptions extends LaunchOptions {
  readonly detach?: boolean;
}

/** Runs the platform until it is told to stop; with `detach` returns once it is ready. */
export async function up(options: UpOptions, context: Context): Promise<void> {
  const settings = parseLaunchSettings(options, context.cwd, REPOSITORY);
  await ensureServices(context);
  if (options.detach === true) {
    await startDetached(settings, context);
    context.output.print(describeRunning(settings, `Stop it with: ${commandLine('down', settings.dataDir)}`));
    return;
  }
  // A launcher that was started detached reports to the one who waits for it, and keeps its output short.
  const report = process.send?.bind(process);
  const listener = report === undefined ? loudListener(context.output) : quietListener(context.output);
  const platform = await startPlatform(settings, context.env, listener, context.signal);
  report?.({ kind: 'ready' });
  context.output.print(describeRunning(settings, `Stop it with Ctrl-C, or: ${commandLine('down', settings.dataDir)}`));
  await untilAborted(context.signal);
  context.output.say('stopping; units under way are finished first, Ctrl-C again to cut them short');
  await platform.stop();
}

/** The programs of the system that a platform on this machine needs. */
export async function ensureServices({ env, output }: Context): Promise<void> {
  await ensurePrograms(env.REDIS_URL ? ['ffmpeg'] : ['ffmpeg', 'redis-server'], env, output.say);
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Says what happens, and only of trouble what the processes say. */
export function quietListener(output: Output): PlatformListener {
  return {
    step: output.say,
    line: () => undefined,
    notice: (name, text) => output.say(`${name}: ${text}`),
  };
}

const COLOURS = ['cyan', 'green', 'magenta', 'yellow', 'blue'] as const;
const NAME_WIDTH = 10;

function loudListener(output: Output): PlatformListener {
  const colours = new Map<string, (typeof COLOURS)[number]>();
  const prefix = (name: string): string => {
    const colour = colours.get(name) ?? COLOURS[colours.size % COLOURS.length] ?? 'cyan';
    colours.set(name, colour);
    return paint(colour, name.padEnd(NAME_WIDTH));
  };
  return {
    step: (text) => output.say(`${prefix('launcher')} ${text}`),
    line: (name, text) => output.say(`${prefix(name)} ${formatLogLine(text)}`),
    notice: (name, text) => output.say(`${prefix(name)} ${paint('red', text)}`),
  };
}

function describeRunning({ dataDir, portBase }: LaunchSettings, howToStop: string): string {
  return [
    '',
    `  ${paint('bold', 'MediaFlow is running')}`,
    '',
    `  Dashboard    ${paint('cyan', `http://127.0.0.1:${portBase}/`)}`,
    `  API          http://127.0.0.1:${portBase}`,
    `  Credentials  ${credentialsPath(dataDir)}`,
    `  Logs         ${dataDir}/logs/`,
    '',
    `  ${howToStop}`,
    '',
  ].join('\n');
}
