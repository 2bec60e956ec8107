import { cancelUpload, createUpload, readUpload } from '../api/client.ts';
import { sentenceOf } from '../api/request.ts';
import { titleFromFileName } from '../format.ts';
import { createResumeStorage, type ResumeStorage } from './resume-storage.ts';
import { createTransfer } from './transfer.ts';
import { createUploads, type Uploads } from './uploads.ts';
import { waitForAsset } from './wait-for-asset.ts';

/** The uploads of this tab: they go on while pages change, and are remembered across reloads. */
export interface BrowserUploads {
  readonly uploads: Uploads;
  readonly memory: ResumeStorage;
}

export function createBrowserUploads(): BrowserUploads {
  const memory = createResumeStorage(localStorage);
  const uploads = createUploads({
    memory,
    createTransfer,
    cancelUpload,
    sentenceOf,
    async createUpload(fileName) {
      const upload = await createUpload(titleFromFileName(fileName));
      return { uploadId: upload.id, endpoint: upload.url ?? '' };
    },
    waitForAsset: (uploadId) => waitForAsset(uploadId, readUpload),
    now: () => performance.now(),
  });

  window.addEventListener('beforeunload', (event) => {
    const isSending = uploads.items.get().some(({ phase }) => ['queued', 'starting', 'sending', 'reconnecting'].includes(phase.kind));
    // The browser asks in its own words; the upload could be resumed, but only by choosing the file again.
    if (isSending) event.preventDefault();
  });
  return { uploads, memory };
}
