import { useEffect, useState } from 'preact/hooks';

const CONFIRMATION_MS = 1800;

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who cannot see where the button stands. */
  readonly what: string;
  /** What the button says; `Copy` where its place makes plain what. */
  readonly label?: string;
  readonly class?: string;
  readonly testId?: string;
}

export function CopyButton({ text, what, label = 'Copy', testId, ...rest }: CopyButtonProps) {
  const [result, setResult] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (result === undefined) return;
    const timer = setTimeout(() => setResult(undefined), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = () => void writeClipboard(text).then((isDone) => setResult(isDone ? 'copied' : 'failed'));
  return (
    <button type="button" class={`button small ${rest.class ?? ''}`} aria-label={`Copy ${what}`} onClick={copy} data-testid={testId}>
      <span aria-live="polite">{result === 'copied' ? 'Copied' : result === 'failed' ? 'Select and copy' : label}</span>
    </button>
  );
}

/** The clipboard is closed to pages that were not loaded over HTTPS or from localhost. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
