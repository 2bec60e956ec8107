import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseStat } from '../common/processes.ts';

const run = promisify(execFile);
const TICKS_PER_SECOND = 100;

export interface LoadOptions {
  readonly directory: string;
  readonly url: string;
  /** Asked for in turns. */
  readonly paths: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Of each connection before each request, on average: viewers are not in step. None unless given. */
  readonly pauseMs?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Written in wrk's own language; the last line is ours to read. */
const SCRIPT = `
local paths, at = {}, 0
init = function()
  for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = wrk.format("GET", line) end
end
request = function()
  at = at % #paths + 1
  return paths[at]
end
local pause = tonumber(os.getenv("PAUSE_MS"))
if pause then
  delay = function() return math.random(0, 2 * pause) end
end
done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"bytes":%d,"failed":%d,"p50":%d,"p99":%d}\\n',
    summary.requests, summary.duration, summary.bytes, failed, latency:percentile(50), latency:percentile(99)))
end
`;

/** Slow is a figure, and no failure: at full speed on two cores a connection may wait for longer than the 2 s that wrk gives it. */
const TIMEOUT = '10s';

/** One thread of wrk at full speed. Throws when a single request failed: an error is cheap to serve. */
export async function load({ directory, url, paths, connections, seconds, pauseMs }: LoadOptions): Promise<LoadResult> {
  const [script, list] = [join(directory, 'load.lua'), join(directory, 'paths.txt')];
  await Promise.all([writeFile(script, SCRIPT), writeFile(list, `${paths.join('\n')}\n`)]);
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', TIMEOUT, '--latency', '-s', script, url];
  const { stdout } = await run('wrk', args, {
    env: { ...process.env, PATHS: list, ...(pauseMs !== undefined && { PAUSE_MS: String(pauseMs) }) },
  });
  const summary: { requests: number; microseconds: number; bytes: number; failed: number; p50: number; p99: number } = JSON.parse(
    stdout.trim().split('\n').at(-1) ?? '',
  );
  if (summary.failed > 0) throw new Error(`${summary.failed} of ${summary.requests} requests failed:\n${stdout}`);
  return {
    requests: summary.requests,
    requestsPerSecond: summary.requests / (summary.microseconds / 1e6),
    bytes: summary.bytes,
    p50Ms: summary.p50 / 1000,
    p99Ms: summary.p99 / 1000,
  };
}

/** CPU seconds, user and system, that a process used while `work` ran. */
export async function measureCpu<T>(pid: number, work: () => Promise<T>): Promise<{ readonly value: T; readonly cpuSeconds: number }> {
  const before = readTicks(pid);
  const value = await work();
  return { value, cpuSeconds: (readTicks(pid) - before) / TICKS_PER_SECOND };
}

const readTicks = (pid: number): number => parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).ticks;
