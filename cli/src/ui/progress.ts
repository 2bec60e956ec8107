import cliProgress from 'cli-progress';
import type { Output } from './output.ts';

export interface Progress {
  /** `fraction` from 0 to 1, `note` what to say beside it. */
  update(fraction: number, note: string): void;
  /** Leaves the bar as it stands. */
  stop(): void;
}

/** Without a terminal: a line at each quarter. */
const LINE_STEP = 0.25;

/** A bar that redraws itself on a terminal, a line now and then in a log. */
export function createProgress(label: string, output: Output): Progress {
  return output.isInteractive ? createBar(label) : createLines(label, output);
}

function createBar(label: string): Progress {
  const bar = new cliProgress.SingleBar({
    format: `${label.padEnd(10)} {bar} {percentage}%  {note}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
    // Ctrl-C is the command's to handle.
    gracefulExit: false,
    stream: process.stderr,
  });
  bar.start(1000, 0, { note: '' });
  return {
    update: (fraction, note) => bar.update(Math.round(fraction * 1000), { note }),
    stop: () => bar.stop(),
  };
}

function createLines(label: string, output: Output): Progress {
  let next = 0;
  return {
    update(fraction, note) {
      if (fraction < next && fraction < 1) return;
      if (next > 1) return;
      output.say(`${label} ${Math.floor(fraction * 100)} %${note === '' ? '' : `  ${note}`}`);
      next = fraction >= 1 ? 2 : (Math.floor(fraction / LINE_STEP) + 1) * LINE_STEP;
    },
    stop: () => undefined,
  };
}
