import { AppError } from '@mediaflow/shared/errors';
import { isId } from '@mediaflow/shared/ids';
import { useContext, useRef } from 'preact/hooks';
import { signIn } from './api/client.ts';
import { useTask } from './components/hooks.ts';
import { Notice } from './components/notice.tsx';
import { Wordmark } from './components/wordmark.tsx';
import { SessionContext } from './session.ts';

/** The secret lives in the form's field only, and leaves it for the request body. */
export function SignInPage() {
  const { check } = useContext(SessionContext);
  const form = useRef<HTMLFormElement>(null);
  const { isBusy, error, run } = useTask();

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (form.current === null) return;
    const fields = new FormData(form.current);
    run(async () => {
      const tokenId = String(fields.get('token_id')).trim();
      if (!isId(tokenId)) throw new AppError('invalid_parameters', 'A token ID has 32 characters, 0–9 and a–f. Copy it whole.');
      await signIn(tokenId, String(fields.get('token_secret')).trim());
      check();
    });
  };

  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Wordmark />
        <h1>Sign in</h1>
        <p class="muted">with an API token of this installation.</p>
        <form ref={form} method="post" onSubmit={submit}>
          <label class="field">
            <span>Token ID</span>
            <input
              name="token_id"
              class="mono"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              required
              data-testid="token-id"
            />
          </label>
          <label class="field">
            <span>Token secret</span>
            <input name="token_secret" class="mono" type="password" autocomplete="current-password" required data-testid="token-secret" />
          </label>
          {error !== undefined && <Notice tone="danger">{error}</Notice>}
          <button type="submit" class="button primary wide" disabled={isBusy} data-testid="sign-in">
            {isBusy ? 'Signing in…' : 'Sign in'}
          </button>
        </form>
        <p class="hint">
          The first token was written when MediaFlow started: look for <code>token_id</code> and <code>token_secret</code> in{' '}
          <code>.mediaflow/credentials.json</code>. More can be made under Settings.
        </p>
      </div>
    </main>
  );
}
