/** Programs of the system that we need, by the name one would type. */
export const PROGRAMS = ['ffmpeg', 'redis-server', 'chromium', 'go', 'wrk', 'nginx'] as const;
export type Program = (typeof PROGRAMS)[number];

export type PackageManager = 'apt-get' | 'brew' | 'apk';
export const PACKAGE_MANAGERS: readonly PackageManager[] = ['apt-get', 'brew', 'apk'];

const PACKAGES: Readonly<Record<PackageManager, Readonly<Record<Program, string>>>> = {
  'apt-get': { ffmpeg: 'ffmpeg', 'redis-server': 'redis-server', chromium: 'chromium', go: 'golang-go', wrk: 'wrk', nginx: 'nginx' },
  brew: { ffmpeg: 'ffmpeg', 'redis-server': 'redis', chromium: 'chromium', go: 'go', wrk: 'wrk', nginx: 'nginx' },
  apk: { ffmpeg: 'ffmpeg', 'redis-server': 'redis', chromium: 'chromium', go: 'go', wrk: 'wrk', nginx: 'nginx' },
};

export function packagesFor(manager: PackageManager, programs: readonly Program[]): readonly string[] {
  return programs.map((program) => PACKAGES[manager][program]);
}

/**
 * A shell script that installs. Debian starts a service as soon as its package is there; our Redis is a private one, so starting is
 * forbidden while we install, by the means Debian has for it (invoke-rc.d(8), policy-rc.d).
 */
export function installScript(manager: PackageManager, programs: readonly Program[]): string {
  const packages = packagesFor(manager, programs).join(' ');
  if (manager === 'brew') return `brew install ${packages}`;
  if (manager === 'apk') return `apk add --no-cache ${packages}`;
  return [
    'set -e',
    'export DEBIAN_FRONTEND=noninteractive',
    'policy=/usr/sbin/policy-rc.d',
    `if [ ! -e $policy ]; then printf '#!/bin/sh\\nexit 101\\n' >$policy; chmod 755 $policy; trap 'rm -f $policy' EXIT; fi`,
    'apt-get update -qq',
    `apt-get install -y -qq --no-install-recommends ${packages}`,
  ].join('\n');
}

/** What a person types where we cannot install by ourselves. */
export function installAdvice(manager: PackageManager | undefined, programs: readonly Program[]): string {
  if (manager === undefined) return `Install ${programs.join(' and ')} and run this again.`;
  const packages = packagesFor(manager, programs).join(' ');
  if (manager === 'brew') return `Run: brew install ${packages}`;
  return `Run as root: ${manager === 'apk' ? 'apk add' : 'apt-get update && apt-get install'} ${packages}`;
}

/** The command line for `script`; undefined where root is needed and cannot be had. */
export function elevate(
  manager: PackageManager,
  script: string,
  have: { readonly isRoot: boolean; readonly hasSudo: boolean; readonly isInteractive: boolean },
): readonly [string, ...string[]] | undefined {
  if (manager === 'brew' || have.isRoot) return ['sh', '-c', script];
  if (!have.hasSudo) return undefined;
  return ['sudo', ...(have.isInteractive ? [] : ['-n']), 'sh', '-c', script];
}
