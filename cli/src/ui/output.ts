import { styleText } from 'node:util';

/** Where a command speaks: results on standard output, everything else on standard error. */
export interface Output {
  /** A result: what a script would read. */
  print(text: string): void;
  /** What is going on. */
  say(text: string): void;
  /** Whether standard error is a terminal that can redraw lines. */
  readonly isInteractive: boolean;
}

export function createOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  return {
    print: (text) => void stdout.write(`${text}\n`),
    say: (text) => void stderr.write(`${text}\n`),
    isInteractive: stderr.isTTY === true,
  };
}

type Style = Parameters<typeof styleText>[0];

/** Plain where standard output is no terminal, or with NO_COLOR. */
export const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

export const toJson = (value: unknown): string => JSON.stringify(value, undefined, 2);
