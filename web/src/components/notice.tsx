import type { ComponentChildren } from 'preact';

/** A sentence that needs reading now; announced when it appears. */
export function Notice({ tone, children }: { tone: 'danger' | 'warm' | 'plain'; children: ComponentChildren }) {
  return (
    <div class={`notice ${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
