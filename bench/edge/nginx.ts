import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../cli/src/services/free-port.ts';
import { type RunningService, startService } from '../../cli/src/services/service.ts';

const SECRET = 'a secret that nginx hashes';
const FILE = 'segment.m4s';

/** nginx as it is set up for signed media: `secure_link`, `sendfile`, a worker for each core. */
export async function startNginx(directory: string, bytes: Uint8Array): Promise<RunningService & { readonly path: string }> {
  const [port, folder] = [await findFreePort(), join(directory, 'nginx')];
  await mkdir(join(folder, 'media'), { recursive: true });
  await writeFile(join(folder, 'media', FILE), bytes);
  const config = join(folder, 'nginx.conf');
  await writeFile(config, stringifyConfig(folder, port));
  const url = `http://127.0.0.1:${port}`;
  const service = await startService({
    url,
    spec: {
      name: 'nginx',
      command: 'nginx',
      args: ['-p', folder, '-e', join(folder, 'error.log'), '-c', config],
      cwd: folder,
      stopSignal: 'SIGTERM',
      stopGraceMs: 5_000,
    },
    ping: async () => {
      await (await fetch(url)).arrayBuffer();
    },
  });
  return { ...service, path: signPath(`/${FILE}`) };
}

function stringifyConfig(folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`);
  return `user root;
daemon off;
pid ${join(folder, 'nginx.pid')};
worker_processes auto;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  types { video/iso.segment m4s; }
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    root ${join(folder, 'media')};
    location / {
      secure_link $arg_md5,$arg_expires;
      secure_link_md5 "$secure_link_expires$uri ${SECRET}";
      if ($secure_link = "") { return 403; }
      if ($secure_link = "0") { return 410; }
    }
  }
}
`;
}

function signPath(path: string): string {
  const expires = Math.floor(Date.now() / 1000) + 24 * 3600;
  const md5 = createHash('md5').update(`${expires}${path} ${SECRET}`).digest('base64url');
  return `${path}?md5=${md5}&expires=${expires}`;
}
