import type { LineSink } from './child.ts';

export interface Tail {
  /** Passes every line on, and keeps the last ones. */
  readonly add: LineSink;
  text(): string;
}

/** The last lines of a program's output, for the message about its failure. */
export function keepTail(next: LineSink, lineCount = 20): Tail {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line);
      if (lines.length > lineCount) lines.shift();
      next(line);
    },
    text: () => lines.join('\n'),
  };
}
