import { useEffect, useRef, useState } from 'preact/hooks';
import { ACCEPTED_FILES } from '../upload/accept.ts';

/** Takes files by drag and by dialogue. A drag over any part of the page lights it up. */
export function DropZone({ onFiles, isCompact }: { onFiles: (files: readonly File[]) => void; isCompact: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const isDragging = useFileDrop(onFiles);

  const choose = () => {
    const chosen = [...(input.current?.files ?? [])];
    // Else choosing the same file a second time would be no change.
    if (input.current !== null) input.current.value = '';
    onFiles(chosen);
  };
  return (
    <section class={`drop-zone ${isCompact ? 'compact' : ''} ${isDragging ? 'dragging' : ''}`} aria-label="Upload" data-testid="drop-zone">
      <div class="drop-ruler" aria-hidden="true" />
      <div class="drop-text">
        <h2>{isDragging ? 'Let go to upload' : 'Drop videos or audio here'}</h2>
        <p class="muted">Uploads resume after a lost connection or a closed tab. Playback starts seconds after the last byte.</p>
      </div>
      <button type="button" class="button primary" onClick={() => input.current?.click()} data-testid="choose-files">
        Choose files
      </button>
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        multiple
        accept={ACCEPTED_FILES}
        tabIndex={-1}
        aria-label="Files to upload"
        onChange={choose}
        data-testid="file-input"
      />
    </section>
  );
}

/** Whether files are being dragged over the page; a drop anywhere counts, so that a near miss does not open the file instead. */
function useFileDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isDragging, setDragging] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      // Only leaving the window has no element that is entered instead.
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setDragging(false);
      latest.current([...event.dataTransfer.files]);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, []);
  return isDragging;
}
