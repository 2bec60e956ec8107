import { join } from 'node:path';
import { REPOSITORY } from '../repository.ts';

/** Runs one of our TypeScript processes with this very Node and its flags (type stripping on older ones). */
export function nodeCommand(script: string): { readonly command: string; readonly args: readonly string[] } {
  return { command: process.execPath, args: [...process.execArgv, join(REPOSITORY, script)] };
}

/** The same for a child that is to end with its parent. */
export function nodeChildCommand(script: string): { readonly command: string; readonly args: readonly string[]; readonly isNode: true } {
  const preload = new URL('./exit-with-parent.ts', import.meta.url).href;
  const { command, args } = nodeCommand(script);
  return { command, args: ['--import', preload, ...args], isNode: true };
}
