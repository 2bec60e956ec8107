import { z } from 'zod';

/** A line of our own processes' JSON log (platform/src/log.ts). */
const jsonLineSchema = z.looseObject({
  level: z.string(),
  msg: z.string().optional(),
  err: z.looseObject({ message: z.string().optional() }).optional(),
});

const HIDDEN_FIELDS = new Set(['level', 'time', 'name', 'msg', 'err', 'pid', 'hostname', 'v']);

/** `warn job failed job=42: no such file` for a JSON line; any other text as it is, without control characters. */
export function formatLogLine(line: string): string {
  const parsed = parseJsonLine(line);
  if (parsed === undefined) return stripControls(line);
  const { level, msg = '', err } = parsed;
  const fields = Object.entries(parsed)
    .filter(([name]) => !HIDDEN_FIELDS.has(name))
    .map(([name, value]) => ` ${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`);
  const prefix = level === 'info' ? '' : `${level} `;
  return stripControls(`${prefix}${msg}${fields.join('')}${err?.message === undefined ? '' : `: ${err.message}`}`);
}

function parseJsonLine(line: string): z.infer<typeof jsonLineSchema> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return jsonLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Colours and cursor moves of a child would spoil the prefixed log, and so might a file name that somebody uploaded. */
function stripControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}
