import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SystemUser } from '../process/child.ts';

const run = promisify(execFile);

/**
 * Whom Postgres runs as: undefined for ourselves, which is everybody but root. For root the system's `postgres` user, created without a
 * password, a shell or a home when there is none. Throws when it cannot be created.
 */
export async function findPostgresUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await lookUp()) ?? (await create());
}

async function lookUp(): Promise<SystemUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function create(): Promise<SystemUser> {
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch (error) {
    throw new Error('Postgres may not run as root, and a system user `postgres` could not be created. Run as an ordinary user.', {
      cause: error,
    });
  }
  const user = await lookUp();
  if (user === undefined) throw new Error('The system user `postgres` was created but cannot be found.');
  return user;
}
