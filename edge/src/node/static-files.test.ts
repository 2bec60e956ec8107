import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStaticFiles } from './static-files.ts';

it('serves the files of a folder and nothing beside it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mediaflow-web-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'web', 'static'), { recursive: true });
  await writeFile(join(directory, 'secret.html'), 'secret');
  await writeFile(join(directory, 'web', 'index.html'), '<p>page');
  await writeFile(join(directory, 'web', 'static', 'app.js'), 'run()');
  const files = await openStaticFiles(`${join(directory, 'web')}/`);
  const get = (path: string, init?: RequestInit): Promise<Response> => files.fetch(new Request(`http://edge.test${path}`, init));

  const page = await get('/index.html');
  expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([200, 'text/html; charset=utf-8', '<p>page']);
  const script = await get('/static/app.js');
  expect([script.headers.get('content-type'), await script.text()]).toEqual(['text/javascript; charset=utf-8', 'run()']);
  expect(await (await get('/index.html', { method: 'HEAD' })).text()).toBe('');
  expect((await get('/index.html', { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })).status).toBe(304);
  for (const path of ['/', '/static', '/secret.html', '/..%2fsecret.html', '/static/../../secret.html'])
    expect((await get(path)).status).toBe(404);
});
