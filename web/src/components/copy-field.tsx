import { useId } from 'preact/hooks';
import { CopyButton } from './copy-button.tsx';

interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly testId?: string;
  /** For text that is read rather than only passed on. */
  readonly rows?: number;
}

/** A value to take along: selected whole on focus, with a button beside it. */
export function CopyField({ label, value, testId, rows }: CopyFieldProps) {
  const select = (event: FocusEvent) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) event.target.select();
  };
  const id = useId();
  return (
    <div class="copy-field">
      <label class="field" for={id}>
        <span>{label}</span>
      </label>
      <CopyButton text={value} what={label} />
      {rows === undefined ? (
        <input id={id} class="mono" readonly value={value} onFocus={select} data-testid={testId} />
      ) : (
        <textarea id={id} class="mono" readonly rows={rows} value={value} onFocus={select} data-testid={testId} />
      )}
    </div>
  );
}
