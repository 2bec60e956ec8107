import type { DeadLetter } from '@mediaflow/shared/api';
import { listDeadLetters, replayDeadLetter } from '../client/dead-letters.ts';
import { paint, toJson } from '../ui/output.ts';
import { formatDate } from '../ui/units.ts';
import { type ClientOptions, type Context, connect } from './context.ts';

/** `dead-letters` */
export async function showDeadLetters(options: ClientOptions, context: Context): Promise<void> {
  const { api } = await connect(context, options);
  const letters = await listDeadLetters(api);
  if (options.json === true) context.output.print(toJson(letters));
  else if (letters.length === 0) context.output.print('No job was given up.');
  else context.output.print(letters.map(describeDeadLetter).join('\n\n'));
}

/** `dead-letters replay ID` */
export async function replay(id: string, options: ClientOptions, context: Context): Promise<void> {
  const { api } = await connect(context, options);
  await replayDeadLetter(api, id);
  context.output.print(options.json === true ? toJson({ replayed: id }) : `Asked for again: ${id}`);
}

/** What happened, then what a person needs to find out why. */
export function describeDeadLetter(letter: DeadLetter): string {
  const state = letter.replayed_at === undefined ? paint('red', 'given up') : `replayed ${formatDate(letter.replayed_at)}`;
  const end = letter.signal === undefined ? letter.exit_code : `signal ${letter.signal}`;
  const lines: readonly (readonly [string, string | number | undefined])[] = [
    ['Asset', letter.asset_id],
    ['Attempts', letter.attempts],
    ['Reason', `${letter.error.message} (${letter.error.type})`],
    ['Command', letter.argv],
    ['Exit', end],
  ];
  const fields = lines.filter(([, value]) => value !== undefined).map(([name, value]) => `  ${name.padEnd(9)} ${value}`);
  const stderr = letter.stderr_tail?.trimEnd().split('\n') ?? [];
  return [
    `${letter.id}  ${letter.job}  ${formatDate(letter.created_at)}  ${state}`,
    ...fields,
    ...stderr.map((line) => `  | ${line}`),
  ].join('\n');
}
