import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const REPOSITORY = new URL('..', import.meta.url).pathname;

/** What the linter says of `code` if it stood at `path`. */
function lint(path: string, code: string): string {
  const { stdout, stderr } = spawnSync('node_modules/.bin/biome', ['lint', `--stdin-file-path=${path}`], {
    cwd: REPOSITORY,
    input: code,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

const PACKAGES = ['edge', 'origin', 'workers', 'web', 'cli'] as const;
const pairs = PACKAGES.flatMap((from) => PACKAGES.filter((to) => to !== from).map((to) => [from, to] as const));

describe('the walls between packages (CONTRIBUTING.md)', () => {
  it.each(pairs)('%s does not import %s', (from, to) => {
    expect(lint(`${from}/src/x.ts`, `import { x } from '@mediaflow/${to}/x';\nexport const y = x;\n`)).toContain('noRestrictedImports');
    expect(lint(`${from}/src/x.ts`, `import { x } from '../../${to}/src/x.ts';\nexport const y = x;\n`)).toContain('noRestrictedImports');
  });

  it.each(['shared', 'edge', 'web'])('%s runs where there is no Node', (from) => {
    expect(lint(`${from}/src/x.ts`, `import { readFile } from 'node:fs/promises';\nexport const y = readFile;\n`)).toContain(
      'noNodejsModules',
    );
  });

  it.each([
    ['shared/src/x.ts', "import { x } from '@mediaflow/platform/x';"],
    ['shared/src/x.ts', "import { x } from 'hono';"],
    ['edge/src/x.ts', "import { x } from '@mediaflow/platform/x';"],
    ['platform/src/x.ts', "import { x } from '@mediaflow/origin/x';"],
    ['migrations/0002_x.ts', "import { x } from '@mediaflow/shared/x';"],
  ])('%s: not %s', (path, code) => {
    expect(lint(path, `${code}\nexport const y = x;\n`)).toContain('noRestrictedImports');
  });

  it('lets through what is allowed', () => {
    const allowed = "import { AppError } from '@mediaflow/shared/errors';\nexport const y = AppError;\n";
    for (const from of PACKAGES) expect(lint(`${from}/src/x.ts`, allowed)).not.toContain('noRestrictedImports');
  });
});
