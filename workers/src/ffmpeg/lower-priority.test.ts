import { execFile } from 'node:child_process';
import { getPriority } from 'node:os';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('what a nice worker runs is lowered below it, and not raised', async () => {
  const script = `
    import { spawn } from 'node:child_process';
    import { getPriority } from 'node:os';
    import { lowerPriority } from ${JSON.stringify(new URL('./lower-priority.ts', import.meta.url).href)};
    const child = spawn('sleep', ['600']);
    lowerPriority(child.pid, 5);
    console.log(getPriority(child.pid));
    child.kill();
  `;
  const worker = ['-n', '7', process.execPath, '--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)('nice', worker);
  expect(Number(stdout)).toBe(Math.min(getPriority() + 12, 19));
});
