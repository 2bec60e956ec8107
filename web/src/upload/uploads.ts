import { createStore, type Store } from '../store.ts';
import { refuseFile } from './accept.ts';
import { type FileFingerprint, findRemembered, fingerprintOf, isSameFile, type RememberedUpload } from './resume-memory.ts';
import type { ResumeStorage } from './resume-storage.ts';
import { addSample, type Sample } from './speed.ts';
import type { Transfer, TransferEvents, TransferTarget } from './transfer.ts';

export type UploadPhase =
  | { readonly kind: 'queued' | 'starting' | 'sending' | 'paused' | 'reconnecting' | 'finishing' }
  | { readonly kind: 'done'; readonly assetId: string }
  | { readonly kind: 'refused'; readonly message: string };

/** One file on its way. `key` is this page's own; `uploadId` is the server's, once it has given one. */
export interface UploadItem {
  readonly key: string;
  readonly file: FileFingerprint;
  readonly phase: UploadPhase;
  readonly sentBytes: number;
  readonly samples: readonly Sample[];
  readonly uploadId?: string;
}

/** What the store needs of the world. */
export interface UploadPorts {
  /** A new upload on the server and the URL that takes its bytes. */
  createUpload(fileName: string): Promise<{ uploadId: string; endpoint: string }>;
  /** Resolves with the asset's id once the server has made it of the finished upload; rejects with a sentence otherwise. */
  waitForAsset(uploadId: string): Promise<string>;
  cancelUpload(uploadId: string): Promise<void>;
  createTransfer(file: File, target: TransferTarget, events: TransferEvents): Transfer;
  readonly memory: ResumeStorage;
  sentenceOf(error: unknown): string;
  /** Milliseconds that never go back. */
  now(): number;
}

export interface Uploads {
  readonly items: Store<readonly UploadItem[]>;
  /** Takes files in; one that was begun before goes on where the server is. */
  add(files: Iterable<File>): void;
  pause(key: string): void;
  /** At once, however many others are on their way: a person asked for this one. */
  resume(key: string): void;
  /** Takes over an upload whose bytes have all arrived, and waits for its asset. */
  adopt(entry: RememberedUpload): void;
  /** Stops it and tells the server to forget it. */
  cancel(key: string): void;
  /** Takes a finished or refused upload off the list. */
  dismiss(key: string): void;
}

/** More at once would only share the same uplink and finish later each. */
const MAX_ACTIVE = 2;
const ACTIVE_KINDS: readonly UploadPhase['kind'][] = ['starting', 'sending', 'reconnecting'];

export function createUploads(ports: UploadPorts): Uploads {
  const items = createStore<readonly UploadItem[]>([]);
  const files = new Map<string, File>();
  const transfers = new Map<string, Transfer>();
  /** Keys whose upload the server is still being asked for; whatever is pressed meanwhile must not ask a second time. */
  const creating = new Set<string>();
  let nextKey = 1;

  const find = (key: string) => items.get().find((item) => item.key === key);
  const change = (key: string, changes: Partial<UploadItem>) =>
    items.update((list) => list.map((item) => (item.key === key ? { ...item, ...changes } : item)));
  const setPhase = (key: string, phase: UploadPhase) => change(key, { phase });

  /** Two transfers of one file would fight over the same upload. */
  const isUnderWay = (file: FileFingerprint) => items.get().some(({ key, file: other }) => files.has(key) && isSameFile(other, file));

  function startQueued(): void {
    const active = items.get().filter((item) => ACTIVE_KINDS.includes(item.phase.kind)).length;
    const queued = items.get().filter((item) => item.phase.kind === 'queued');
    for (const item of queued.slice(0, Math.max(0, MAX_ACTIVE - active))) void start(item);
  }

  async function start({ key, file }: UploadItem): Promise<void> {
    setPhase(key, { kind: 'starting' });
    const existing = transfers.get(key);
    if (existing !== undefined) return existing.start();
    if (creating.has(key)) return;
    creating.add(key);
    try {
      const remembered = findRemembered(ports.memory.read(), file);
      const created = remembered === undefined ? await ports.createUpload(file.name) : undefined;
      const uploadId = remembered?.uploadId ?? created?.uploadId ?? '';
      const source = files.get(key);
      // Cancelled while the server was answering.
      if (source === undefined) return void ports.cancelUpload(uploadId).catch(() => undefined);
      const target = remembered === undefined ? { endpoint: created?.endpoint ?? '' } : { tusUrl: remembered.tusUrl };
      change(key, { uploadId });
      const transfer = ports.createTransfer(source, target, eventsFor(key, uploadId));
      transfers.set(key, transfer);
      // Paused while the server was answering: `resume` will start it.
      if (find(key)?.phase.kind === 'starting') transfer.start();
    } catch (error) {
      refuse(key, ports.sentenceOf(error));
    } finally {
      creating.delete(key);
    }
  }

  function eventsFor(key: string, uploadId: string): TransferEvents {
    return {
      onUrl(tusUrl) {
        const file = find(key)?.file;
        if (file !== undefined) ports.memory.remember({ file, uploadId, tusUrl, rememberedAtMs: Date.now() });
      },
      onProgress(sentBytes) {
        const item = find(key);
        if (item === undefined) return;
        const samples = addSample(item.samples, { sentBytes, atMs: ports.now() });
        change(key, { sentBytes, samples, phase: { kind: 'sending' } });
      },
      onReconnecting: () => change(key, { phase: { kind: 'reconnecting' }, samples: [] }),
      onRefused(message, isUploadGone) {
        if (isUploadGone) ports.memory.forget(uploadId);
        refuse(key, message);
      },
      onFinished: () => void finish(key, uploadId),
    };
  }

  async function finish(key: string, uploadId: string): Promise<void> {
    change(key, { phase: { kind: 'finishing' }, sentBytes: find(key)?.file.sizeBytes ?? 0, samples: [] });
    startQueued();
    try {
      const assetId = await ports.waitForAsset(uploadId);
      setPhase(key, { kind: 'done', assetId });
    } catch (error) {
      setPhase(key, { kind: 'refused', message: ports.sentenceOf(error) });
    }
    ports.memory.forget(uploadId);
    release(key);
  }

  function refuse(key: string, message: string): void {
    setPhase(key, { kind: 'refused', message });
    release(key);
    startQueued();
  }

  function release(key: string): void {
    transfers.get(key)?.pause();
    transfers.delete(key);
    files.delete(key);
  }

  return {
    items,
    add(added) {
      for (const file of added) {
        if (isUnderWay(fingerprintOf(file))) continue;
        const key = String(nextKey++);
        const message = refuseFile(file);
        const phase: UploadPhase = message === undefined ? { kind: 'queued' } : { kind: 'refused', message };
        if (message === undefined) files.set(key, file);
        items.update((list) => [...list, { key, file: fingerprintOf(file), phase, sentBytes: 0, samples: [] }]);
      }
      startQueued();
    },
    pause(key) {
      transfers.get(key)?.pause();
      change(key, { phase: { kind: 'paused' }, samples: [] });
      startQueued();
    },
    resume(key) {
      const item = find(key);
      if (item?.phase.kind === 'paused') void start(item);
    },
    adopt({ file, uploadId }) {
      const key = String(nextKey++);
      items.update((list) => [...list, { key, file, uploadId, phase: { kind: 'finishing' }, sentBytes: file.sizeBytes, samples: [] }]);
      void finish(key, uploadId);
    },
    cancel(key) {
      const uploadId = find(key)?.uploadId;
      release(key);
      items.update((list) => list.filter((item) => item.key !== key));
      if (uploadId !== undefined) {
        ports.memory.forget(uploadId);
        // The server drops it by itself after a week should this not arrive.
        void ports.cancelUpload(uploadId).catch(() => undefined);
      }
      startQueued();
    },
    dismiss: (key) => items.update((list) => list.filter((item) => item.key !== key)),
  };
}
