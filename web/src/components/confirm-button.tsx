import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useTask } from './hooks.ts';
import { Notice } from './notice.tsx';

interface ConfirmButtonProps {
  readonly class?: string;
  readonly label?: string;
  readonly testId: string;
  readonly children: ComponentChildren;
  readonly question: string;
  readonly consequence: string;
  readonly confirmLabel: string;
  onConfirm(): Promise<void>;
}

/** For what cannot be undone: asks in a dialog, keeps it open with the reason when it fails. */
export function ConfirmButton({ testId, children, question, consequence, confirmLabel, onConfirm, ...rest }: ConfirmButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { isBusy, error, run } = useTask();
  const confirm = () =>
    run(async () => {
      await onConfirm();
      dialog.current?.close();
    });
  return (
    <>
      <button
        type="button"
        class={rest.class ?? 'button danger'}
        aria-label={rest.label}
        onClick={() => dialog.current?.showModal()}
        data-testid={testId}
      >
        {children}
      </button>
      <dialog ref={dialog} class="dialog" aria-label={question}>
        <h2>{question}</h2>
        <p>{consequence}</p>
        {error !== undefined && <Notice tone="danger">{error}</Notice>}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
          <button type="button" class="button danger solid" disabled={isBusy} onClick={confirm} data-testid={`${testId}-confirm`}>
            {isBusy ? 'One moment…' : confirmLabel}
          </button>
        </div>
      </dialog>
    </>
  );
}
