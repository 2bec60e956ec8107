import type { Whoami } from '@mediaflow/shared/api';
import { SCOPES } from '@mediaflow/shared/scopes';
import { useContext, useEffect } from 'preact/hooks';
import { CopyField } from '../components/copy-field.tsx';
import { SessionContext } from '../session.ts';
import { ApiTokensPanel } from './api-tokens-panel.tsx';
import { ConnectPanel } from './connect-panel.tsx';
import { SigningKeysPanel } from './signing-keys-panel.tsx';

export function SettingsPage({ whoami }: { whoami: Whoami }) {
  const { signOut } = useContext(SessionContext);
  useEffect(() => {
    document.title = 'Settings – MediaFlow';
  }, []);
  return (
    <div class="settings">
      <h1>Settings</h1>
      <section class="panel" aria-labelledby="account-title">
        <h2 id="account-title">Account</h2>
        <p class="muted">
          {whoami.organization_name}, signed in with the token “{whoami.access_token_name}”.
        </p>
        <CopyField label="Account ID" value={whoami.account_id} testId="account-id" />
        <div class="button-row">
          <button type="button" class="button small" onClick={signOut}>
            Sign out
          </button>
        </div>
      </section>
      <ApiTokensPanel currentTokenId={whoami.access_token_id} own={SCOPES.filter((scope) => whoami.permissions.includes(scope))} />
      <SigningKeysPanel />
      <ConnectPanel />
    </div>
  );
}
