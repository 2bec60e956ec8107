import { useEffect, useRef, useState } from 'preact/hooks';
import { cancelUpload } from '../api/client.ts';
import { SegmentBar } from '../components/segment-bar.tsx';
import { formatAge, formatBytes } from '../format.ts';
import type { RememberedUpload } from '../upload/resume-memory.ts';
import { fingerprintOf, isSameFile } from '../upload/resume-memory.ts';
import type { ResumeStorage } from '../upload/resume-storage.ts';
import { readOffset } from '../upload/transfer.ts';

interface ResumeCardProps {
  readonly entry: RememberedUpload;
  readonly memory: ResumeStorage;
  readonly onFile: (file: File) => void;
  /** The server turns out to have every byte. */
  readonly onComplete: () => void;
}

/** An upload from before the page was loaded. The browser kept no file, so the person chooses it again; the server kept the bytes. */
export function ResumeCard({ entry, memory, onFile, onComplete }: ResumeCardProps) {
  const { file } = entry;
  const input = useRef<HTMLInputElement>(null);
  const offset = useOffset(entry, memory, onComplete);
  const [isOther, setOther] = useState(false);

  const choose = () => {
    const chosen = input.current?.files?.[0];
    if (input.current !== null) input.current.value = '';
    if (chosen === undefined) return;
    const isSame = isSameFile(fingerprintOf(chosen), file);
    setOther(!isSame);
    if (isSame) onFile(chosen);
  };
  const discard = () => {
    memory.forget(entry.uploadId);
    // The server drops it by itself after a week should this not arrive.
    void cancelUpload(entry.uploadId).catch(() => undefined);
  };

  return (
    <li class="upload-card" data-testid="resume-card" data-offset={offset}>
      <div class="upload-head">
        <span class="upload-name">{file.name}</span>
        <span class="upload-actions">
          <button
            type="button"
            class="button small primary"
            aria-label={`Resume ${file.name}: choose the file again`}
            onClick={() => input.current?.click()}
            data-testid="resume-choose"
          >
            Resume
          </button>
          <button
            type="button"
            class="button small quiet"
            aria-label={`Discard ${file.name}`}
            onClick={discard}
            data-testid="resume-discard"
          >
            Discard
          </button>
        </span>
        <input
          ref={input}
          class="visually-hidden"
          type="file"
          tabIndex={-1}
          aria-label={`The file ${file.name}`}
          onChange={choose}
          data-testid="resume-input"
        />
      </div>
      <SegmentBar percent={((offset ?? 0) / Math.max(1, file.sizeBytes)) * 100} label={`Uploaded of ${file.name}`} tone="quiet" />
      <div class="upload-facts">
        {isOther ? (
          <span class="upload-reason" role="alert">
            That is another file. Choose {file.name} of {formatBytes(file.sizeBytes)}, unchanged since.
          </span>
        ) : (
          <span>Unfinished – choose or drop the same file to go on</span>
        )}
        <span class="muted">
          {offset === undefined ? formatBytes(file.sizeBytes) : `${formatBytes(offset)} of ${formatBytes(file.sizeBytes)}`} · begun{' '}
          {formatAge(entry.rememberedAtMs / 1000, Date.now() / 1000)}
        </span>
      </div>
    </li>
  );
}

/** The server's count of bytes; an upload that it does not know any more is forgotten here too. */
function useOffset({ tusUrl, uploadId, file }: RememberedUpload, memory: ResumeStorage, onComplete: () => void): number | undefined {
  const [offset, setOffset] = useState<number>();
  const latest = useRef(onComplete);
  latest.current = onComplete;
  useEffect(() => {
    let isCurrent = true;
    void readOffset(tusUrl).then((answer) => {
      if (!isCurrent) return;
      if (answer === 'gone') memory.forget(uploadId);
      else if (answer === file.sizeBytes) latest.current();
      else setOffset(answer);
    });
    return () => {
      isCurrent = false;
    };
  }, [tusUrl, uploadId, file.sizeBytes, memory]);
  return offset;
}
