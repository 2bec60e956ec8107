import type { SigningKey } from '@mediaflow/shared/api';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '@mediaflow/shared/token';
import { useState } from 'preact/hooks';
import { createSigningKey, deleteSigningKey, listSigningKeys } from '../api/client.ts';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { CopyField } from '../components/copy-field.tsx';
import { useLoaded, useTask } from '../components/hooks.ts';
import { Notice } from '../components/notice.tsx';
import { formatDate, shorten } from '../format.ts';
import { saveFile } from './save-file.ts';

export function SigningKeysPanel() {
  const { value, error, reload } = useLoaded('signing-keys', listSigningKeys);
  const [algorithm, setAlgorithm] = useState<SigningAlgorithm>('RS256');
  const [created, setCreated] = useState<SigningKey>();
  const task = useTask();

  const create = (event: SubmitEvent) => {
    event.preventDefault();
    task.run(async () => {
      setCreated(await createSigningKey(algorithm));
      reload();
    });
  };
  return (
    <section class="panel" aria-labelledby="keys-title">
      <h2 id="keys-title">Signing keys</h2>
      <p class="muted">Your server signs playback tokens with the private half; MediaFlow keeps the public half only.</p>
      {error !== undefined && <Notice tone="danger">{error}</Notice>}
      <ul class="row-list" aria-busy={value === undefined && error === undefined}>
        {value?.items.map((key) => (
          <li key={key.id} data-testid="signing-key">
            <span class="row-main">
              <b>
                <code title={key.id}>{shorten(key.id)}</code>
              </b>
              <span class="muted">
                {key.algorithm} · {formatDate(Number(key.created_at))}
              </span>
            </span>
            <ConfirmButton
              class="button quiet small"
              label={`Delete signing key ${key.id}`}
              testId="delete-key"
              question="Delete this signing key?"
              consequence="Every playback token signed with it is refused from then on. This cannot be undone."
              confirmLabel="Delete it"
              onConfirm={async () => {
                await deleteSigningKey(key.id);
                reload();
              }}
            >
              Delete
            </ConfirmButton>
          </li>
        ))}
        {value?.items.length === 0 && <li class="muted">None yet.</li>}
      </ul>
      {created?.private_key !== undefined && <NewKey id={created.id} privateKey={created.private_key} />}
      {task.error !== undefined && <Notice tone="danger">{task.error}</Notice>}
      <form class="inline-form" onSubmit={create}>
        <label class="field">
          <span>Algorithm</span>
          <select value={algorithm} onChange={(event) => setAlgorithm(toAlgorithm(event.currentTarget.value))} data-testid="key-algorithm">
            {SIGNING_ALGORITHMS.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="button" disabled={task.isBusy} data-testid="create-key">
          {task.isBusy ? 'Creating…' : 'Create key'}
        </button>
      </form>
    </section>
  );
}

function NewKey({ id, privateKey }: { id: string; privateKey: string }) {
  return (
    <Notice tone="warm">
      <p>
        <b>Save the private key now.</b> It is not stored here and cannot be shown again.
      </p>
      <CopyField label="Key ID" value={id} testId="new-key-id" />
      <CopyField label="Private key, base64 (as Mux’s SDKs take it)" value={privateKey} testId="new-private-key" />
      <button
        type="button"
        class="button small"
        onClick={() => saveFile(`mediaflow-${id}.pem`, atob(privateKey))}
        data-testid="download-key"
      >
        Download as PEM file
      </button>
    </Notice>
  );
}

const toAlgorithm = (text: string): SigningAlgorithm => SIGNING_ALGORITHMS.find((name) => name === text) ?? 'RS256';
