import type { ApiToken } from '@mediaflow/shared/api';
import { SCOPES, type Scope } from '@mediaflow/shared/scopes';
import { useRef, useState } from 'preact/hooks';
import { createApiToken, deleteApiToken, listApiTokens } from '../api/client.ts';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { CopyField } from '../components/copy-field.tsx';
import { useLoaded, useTask } from '../components/hooks.ts';
import { Notice } from '../components/notice.tsx';
import { formatDate, shorten } from '../format.ts';

/** What one mostly wants a token for; any other set of scopes is for the API. */
const GRANTS: readonly { readonly label: string; readonly scopes: readonly Scope[] }[] = [
  { label: 'Everything', scopes: SCOPES },
  { label: 'Reading only', scopes: ['video:read', 'system:read'] },
  { label: 'Videos only', scopes: ['video:read', 'video:write'] },
];

interface ApiTokensPanelProps {
  readonly currentTokenId: string;
  /** Of the token that one is signed in with: a new one gets no more. */
  readonly own: readonly Scope[];
}

export function ApiTokensPanel({ currentTokenId, own }: ApiTokensPanelProps) {
  const grants = GRANTS.filter(({ scopes }) => scopes.every((scope) => own.includes(scope)));
  const access = useRef<HTMLSelectElement>(null);
  const { value, error, reload } = useLoaded('api-tokens', listApiTokens);
  const [created, setCreated] = useState<ApiToken>();
  const name = useRef<HTMLInputElement>(null);
  const task = useTask();

  const create = (event: SubmitEvent) => {
    event.preventDefault();
    task.run(async () => {
      const chosen = grants.find(({ label }) => label === access.current?.value) ?? grants[0];
      setCreated(await createApiToken(name.current?.value.trim() || 'API token', chosen?.scopes ?? own));
      if (name.current !== null) name.current.value = '';
      reload();
    });
  };
  return (
    <section class="panel" aria-labelledby="tokens-title">
      <h2 id="tokens-title">API tokens</h2>
      <p class="muted">For scripts and SDKs, and for signing in here. A token may do what its scopes say.</p>
      {error !== undefined && <Notice tone="danger">{error}</Notice>}
      <ul class="row-list" aria-busy={value === undefined && error === undefined}>
        {value?.items.map((token) => (
          <li key={token.id} data-testid="api-token">
            <span class="row-main">
              <b>{token.name}</b>
              <span class="muted">
                <code title={token.id}>{shorten(token.id)}</code> · {formatDate(Number(token.created_at))} · {token.scopes.join(', ')}
                {token.id === currentTokenId && ' · you are signed in with it'}
              </span>
            </span>
            <ConfirmButton
              class="button quiet small"
              label={`Revoke ${token.name}`}
              testId="revoke-token"
              question={`Revoke “${token.name}”?`}
              consequence={
                token.id === currentTokenId
                  ? 'You are signed in with this token: you will be signed out, and whatever uses it stops working.'
                  : 'Whatever uses it stops working. This cannot be undone.'
              }
              confirmLabel="Revoke it"
              onConfirm={async () => {
                await deleteApiToken(token.id);
                reload();
              }}
            >
              Revoke
            </ConfirmButton>
          </li>
        ))}
      </ul>
      {created?.secret !== undefined && (
        <Notice tone="warm">
          <p>
            <b>Copy the secret now.</b> It is not stored here and cannot be shown again.
          </p>
          <CopyField label="Token ID" value={created.id} testId="new-token-id" />
          <CopyField label="Token secret" value={created.secret} testId="new-token-secret" />
        </Notice>
      )}
      {task.error !== undefined && <Notice tone="danger">{task.error}</Notice>}
      <form class="inline-form" onSubmit={create}>
        <label class="field">
          <span>Name of the new token</span>
          <input ref={name} maxLength={100} placeholder="Build server" data-testid="token-name" />
        </label>
        {grants.length > 0 && (
          <label class="field">
            <span>May do</span>
            <select ref={access} data-testid="token-access">
              {grants.map(({ label }) => (
                <option key={label}>{label}</option>
              ))}
            </select>
          </label>
        )}
        <button type="submit" class="button" disabled={task.isBusy} data-testid="create-token">
          Create token
        </button>
      </form>
    </section>
  );
}
