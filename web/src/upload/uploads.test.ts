import { beforeEach, describe, expect, it } from 'vitest';
import { createStore } from '../store.ts';
import { forget, type RememberedUpload, remember } from './resume-memory.ts';
import type { ResumeStorage } from './resume-storage.ts';
import type { TransferEvents, TransferTarget } from './transfer.ts';
import { createUploads, type UploadItem, type Uploads } from './uploads.ts';

const ASSET_ID = 'a'.repeat(32);

interface StartedTransfer {
  readonly name: string;
  readonly target: TransferTarget;
  readonly events: TransferEvents;
  readonly calls: string[];
}

/** The world in memory: every port records what it was asked, and the test answers by hand. */
function createWorld() {
  const started: StartedTransfer[] = [];
  const cancelled: string[] = [];
  const entries = createStore<readonly RememberedUpload[]>([]);
  const memory: ResumeStorage = {
    entries,
    read: entries.get,
    remember: (entry) => entries.update((list) => remember(list, entry)),
    forget: (uploadId) => entries.update((list) => forget(list, uploadId)),
  };
  let created = 0;
  const uploads = createUploads({
    memory,
    createUpload: async () => {
      created += 1;
      return { uploadId: String(created).padStart(32, '0'), endpoint: `https://up.example/files/${created}` };
    },
    waitForAsset: async () => ASSET_ID,
    cancelUpload: async (uploadId) => void cancelled.push(uploadId),
    createTransfer(file, target, events) {
      const calls: string[] = [];
      started.push({ name: file.name, target, events, calls });
      return { start: () => calls.push('start'), pause: () => calls.push('pause') };
    },
    sentenceOf: (error) => (error as Error).message,
    now: () => 0,
  });
  return { uploads, started, cancelled, memory };
}

const file = (name: string, type = 'video/mp4') => new File(['0123456789'], name, { type, lastModified: 1 });
const phases = (uploads: Uploads) => uploads.items.get().map((item) => item.phase.kind);
const itemAt = (uploads: Uploads, index: number): UploadItem => {
  const item = uploads.items.get()[index];
  if (item === undefined) throw new Error(`no upload ${index}`);
  return item;
};
/** Lets the promises of the ports settle. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('createUploads', () => {
  let world: ReturnType<typeof createWorld>;
  beforeEach(() => {
    world = createWorld();
  });

  it('sends two at a time and takes the next when one is through', async () => {
    const { uploads, started } = world;
    uploads.add([file('a.mp4'), file('b.mp4'), file('c.mp4')]);
    await settle();
    expect(phases(uploads)).toEqual(['starting', 'starting', 'queued']);
    started[0]?.events.onFinished();
    await settle();
    expect(phases(uploads)).toEqual(['done', 'starting', 'starting']);
    expect(itemAt(uploads, 0).phase).toEqual({ kind: 'done', assetId: ASSET_ID });
  });

  it('remembers an upload as soon as it can be resumed, and forgets it when it is through', async () => {
    const { uploads, started, memory } = world;
    uploads.add([file('a.mp4')]);
    await settle();
    started[0]?.events.onUrl('https://up.example/files/1/x');
    expect(memory.read()).toMatchObject([{ tusUrl: 'https://up.example/files/1/x', file: { name: 'a.mp4' } }]);
    started[0]?.events.onFinished();
    await settle();
    expect(memory.read()).toEqual([]);
  });

  it('goes on with a remembered upload when the same file comes again', async () => {
    const { uploads, started, memory } = world;
    const entry = { uploadId: 'b'.repeat(32), tusUrl: 'https://up.example/files/9/y', rememberedAtMs: Date.now() };
    memory.remember({ ...entry, file: { name: 'a.mp4', sizeBytes: 10, lastModifiedMs: 1 } });
    uploads.add([file('a.mp4'), file('other.mp4')]);
    await settle();
    expect(started.map(({ target }) => target)).toEqual([{ tusUrl: entry.tusUrl }, { endpoint: 'https://up.example/files/1' }]);
  });

  it('pauses and resumes the same transfer', async () => {
    const { uploads, started } = world;
    uploads.add([file('a.mp4')]);
    await settle();
    const { key } = itemAt(uploads, 0);
    uploads.pause(key);
    expect(phases(uploads)).toEqual(['paused']);
    uploads.resume(key);
    expect(started).toHaveLength(1);
    expect(started[0]?.calls).toEqual(['start', 'pause', 'start']);
  });

  it('resumes at once even when others have taken its turn', async () => {
    const { uploads, started } = world;
    uploads.add([file('a.mp4'), file('b.mp4'), file('c.mp4')]);
    await settle();
    uploads.pause(itemAt(uploads, 0).key);
    await settle();
    expect(phases(uploads)).toEqual(['paused', 'starting', 'starting']);
    uploads.resume(itemAt(uploads, 0).key);
    expect(phases(uploads)).toEqual(['starting', 'starting', 'starting']);
    expect(started[0]?.calls).toEqual(['start', 'pause', 'start']);
  });

  it('waits for the asset of an upload whose bytes had all arrived', async () => {
    const { uploads, memory } = world;
    const entry: RememberedUpload = {
      file: { name: 'a.mp4', sizeBytes: 10, lastModifiedMs: 1 },
      uploadId: 'b'.repeat(32),
      tusUrl: 'https://up.example/files/9/y',
      rememberedAtMs: Date.now(),
    };
    memory.remember(entry);
    uploads.adopt(entry);
    expect(phases(uploads)).toEqual(['finishing']);
    await settle();
    expect(itemAt(uploads, 0).phase).toEqual({ kind: 'done', assetId: ASSET_ID });
    expect(memory.read()).toEqual([]);
  });

  it('starts nothing that was cancelled while the server was still answering', async () => {
    const { uploads, started, cancelled } = world;
    uploads.add([file('a.mp4')]);
    uploads.cancel(itemAt(uploads, 0).key);
    await settle();
    expect(started).toEqual([]);
    expect(cancelled).toEqual(['1'.padStart(32, '0')]);
    expect(uploads.items.get()).toEqual([]);
  });

  it('does not start what was paused while the server was still answering', async () => {
    const { uploads, started } = world;
    uploads.add([file('a.mp4')]);
    uploads.pause(itemAt(uploads, 0).key);
    await settle();
    expect(started[0]?.calls).toEqual([]);
    uploads.resume(itemAt(uploads, 0).key);
    expect(started[0]?.calls).toEqual(['start']);
  });

  it('asks for one upload however often pause and resume are pressed meanwhile', async () => {
    const { uploads, started } = world;
    uploads.add([file('a.mp4')]);
    const { key } = itemAt(uploads, 0);
    uploads.pause(key);
    uploads.resume(key);
    uploads.pause(key);
    uploads.resume(key);
    await settle();
    expect(started.map(({ calls }) => calls)).toEqual([['start']]);
  });

  it('takes a file that is already on its way once', async () => {
    world.uploads.add([file('a.mp4'), file('a.mp4')]);
    world.uploads.add([file('a.mp4')]);
    expect(phases(world.uploads)).toEqual(['starting']);
  });

  it('forgets an upload that the server does not know any more, and keeps one it only refuses', async () => {
    const { uploads, started, memory } = world;
    uploads.add([file('a.mp4'), file('b.mp4')]);
    await settle();
    for (const { name, events } of started) events.onUrl(`https://up.example/files/${name}`);
    started[0]?.events.onRefused('gone', true);
    started[1]?.events.onRefused('too large', false);
    expect(memory.read().map((entry) => entry.file.name)).toEqual(['b.mp4']);
    expect(phases(uploads)).toEqual(['refused', 'refused']);
  });

  it('refuses what is certainly no media without asking the server', () => {
    world.uploads.add([file('notes.txt', 'text/plain')]);
    expect(itemAt(world.uploads, 0).phase).toEqual({ kind: 'refused', message: 'This is not a video or an audio file.' });
  });
});
