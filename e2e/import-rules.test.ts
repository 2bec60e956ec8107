import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REPOSITORY = new URL('..', import.meta.url).pathname;
const PACKAGES = ['edge', 'origin', 'workers', 'web', 'cli'] as const;
const neighbours = PACKAGES.flatMap((from) => PACKAGES.filter((to) => to !== from).map((to) => [from, to] as const));

/** A file that must not pass, and the rule that stops it. */
const FORBIDDEN: readonly (readonly [path: string, specifier: string, rule: string])[] = [
  ...neighbours.map(([from, to]) => [`${from}/src/by-name-${to}.ts`, `@mediaflow/${to}/x`, 'noRestrictedImports'] as const),
  ...neighbours.map(([from, to]) => [`${from}/src/by-path-${to}.ts`, `../../${to}/src/x.ts`, 'noRestrictedImports'] as const),
  ...['shared', 'edge', 'web'].map((from) => [`${from}/src/with-node.ts`, 'node:fs/promises', 'noNodejsModules'] as const),
  ['shared/src/with-platform.ts', '@mediaflow/platform/log', 'noRestrictedImports'],
  ['shared/src/with-hono.ts', 'hono', 'noRestrictedImports'],
  ['edge/src/with-platform.ts', '@mediaflow/platform/log', 'noRestrictedImports'],
  ['platform/src/with-origin.ts', '@mediaflow/origin/app', 'noRestrictedImports'],
  ['migrations/0002_with_shared.ts', '@mediaflow/shared/ids', 'noRestrictedImports'],
];
const ALLOWED = PACKAGES.map((from) => [`${from}/src/with-shared.ts`, '@mediaflow/shared/errors'] as const);

/** The project's own rules, applied to a tree of such files. */
let folder: string;
let findings: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-rules-'));
  await cp(join(REPOSITORY, 'biome.json'), join(folder, 'biome.json'));
  for (const [path, specifier] of [...FORBIDDEN, ...ALLOWED]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `import { x } from '${specifier}';\n\nexport const y = x;\n`);
  }
  const args = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', '.'];
  // Findings make it exit with 1; what it says is looked at below.
  findings = await new Promise((resolve) => {
    execFile(join(REPOSITORY, 'node_modules/.bin/biome'), args, { cwd: folder, maxBuffer: 16 * 1024 * 1024 }, (_, stdout) =>
      resolve(stdout),
    );
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const findingsOf = (path: string): readonly string[] => findings.split('\n').filter((line) => line.includes(`/${path},`));

describe('the walls between packages (CONTRIBUTING.md)', () => {
  it.each(FORBIDDEN)('%s may not import %s', (path, _, rule) => {
    expect(findingsOf(path).join()).toContain(rule);
  });

  it.each(ALLOWED)('%s may import %s', (path) => {
    expect(findingsOf(path).join()).not.toContain('noRestrictedImports');
  });
});
