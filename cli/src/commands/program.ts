import { VIDEO_QUALITIES } from '@mediaflow/shared/rendition';
import { REVOCABLE_TYPES } from '@mediaflow/shared/revocation';
import { Argument, Command, Option } from 'commander';
import { DEFAULT_PORT_BASE } from '../launcher/port-plan.ts';
import { list, remove, show } from './assets.ts';
import { bench, listBenchmarks } from './bench.ts';
import type { Context } from './context.ts';
import { replay, showDeadLetters } from './dead-letters.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { down } from './down.ts';
import { register } from './register.ts';
import { revoke } from './revoke.ts';
import { sign } from './sign.ts';
import { test } from './test.ts';
import { up } from './up.ts';
import { upload } from './upload.ts';

/** The commands and their options. Usage errors end as exit code 2. */
export function buildProgram(context: Context): Command {
  const program = new Command('mediaflow')
    .description('Self-hosted, edge-first video platform.')
    .exitOverride()
    .showHelpAfterError()
    .helpCommand(true);
  addPlatformCommands(program, context);
  addUserCommands(program, context);
  addOperatorCommands(program, context);
  addDeveloperCommands(program, context);
  return program;
}

function addPlatformCommands(program: Command, context: Context): void {
  withLaunchOptions(program.command('demo [file]'))
    .description('Set up what is missing, start the platform, upload a clip and play it')
    .addOption(qualityOption())
    .option('--exit', 'stop everything at the end; exit code 0 when it played')
    .action((file: string | undefined, options) => demo(file, options, context));
  withLaunchOptions(program.command('up'))
    .description('Run the platform in the foreground')
    .option('--detach', 'return once it is ready and leave it running')
    .action((options) => up(options, context));
  withDataOption(program.command('down'))
    .description('Stop the platform')
    .action((options) => down(options, context));
  withClientOptions(program.command('doctor'))
    .description('What is missing or broken, and what to do about it')
    .option('--edge <url>', 'look at a deployed edge from outside instead of at this machine')
    .action((options) => doctor(options, context));
}

function addUserCommands(program: Command, context: Context): void {
  withClientOptions(program.command('upload <file>'))
    .description('Upload a video; run again after an interruption to go on')
    .option('--public', 'playable by everybody who has the link')
    .addOption(qualityOption())
    .option('--title <text>', 'title; the file name unless given')
    .action((file: string, options) => upload(file, options, context));
  withClientOptions(program.command('register <key>'))
    .description('Serve an HLS playlist or an MPD that is in the bucket already')
    .option('--prefix <folder>', "folder that holds all its files, where that is not the playlist's own")
    .option('--public', 'playable by everybody who has the link')
    .option('--title <text>', 'title')
    .action((key: string, options) => register(key, options, context));
  withClientOptions(program.command('ls'))
    .description('List the videos')
    .action((options) => list(options, context));
  withClientOptions(program.command('show <id>'))
    .description('All about one video')
    .action((id: string, options) => show(id, options, context));
  withClientOptions(program.command('sign <id>'))
    .description('A signed link for an asset or a playback id')
    .option('--expires <duration>', 'how long the link is good for: 90s, 30m, 12h, 7d', '7d')
    .option('--type <type>', 'video, thumbnail, gif or storyboard', 'video')
    .action((id: string, options) => sign(id, options, context));
  withClientOptions(program.command('revoke'))
    .description('Let nobody play by it any more, from 30 seconds on')
    .addArgument(new Argument('<type>', 'what to revoke').choices(REVOCABLE_TYPES))
    .argument('<id>', 'its id; of a session the 16 digits of x-mediaflow-session')
    .option('--playback-id <id>', 'which a session was opened with')
    .action((type: string, id: string, options) => revoke(type, id, options, context));
  withClientOptions(program.command('rm <ids...>'))
    .description('Delete videos')
    .action((ids: string[], options) => remove(ids, options, context));
}

function addOperatorCommands(program: Command, context: Context): void {
  const deadLetters = program.command('dead-letters').description('Jobs that were given up, and why');
  withClientOptions(deadLetters.command('list', { isDefault: true }))
    .description('All of them, the last one first')
    .action((options) => showDeadLetters(options, context));
  withClientOptions(deadLetters.command('replay <id>'))
    .description('Ask for the job once more')
    .action((id: string, options) => replay(id, options, context));
}

function addDeveloperCommands(program: Command, context: Context): void {
  program
    .command('test [filters...]')
    .description('Every check and test; with filters only the tests whose file matches')
    .allowUnknownOption()
    .action((filters: string[]) => test(filters, context));
  program
    .command('bench [name]')
    .description('Measure, each figure beside its limit; all of it unless one is named')
    .addHelpText('after', () => `\nBenchmarks: ${listBenchmarks().join(', ')}`)
    .action((name: string | undefined) => bench(name, context));
}

function withDataOption(command: Command): Command {
  return command.option('--data <dir>', 'data folder (default: .mediaflow of the working tree)');
}

function withLaunchOptions(command: Command): Command {
  return withDataOption(command)
    .option('--port-base <port>', 'first of the ports', String(DEFAULT_PORT_BASE))
    .option('--workers <count>', 'worker processes', '1');
}

function qualityOption(): Option {
  return new Option('--quality <level>', 'how much to spend on the encode (default: plus)').choices(VIDEO_QUALITIES);
}

function withClientOptions(command: Command): Command {
  return withDataOption(command).option('--json', 'print JSON');
}
