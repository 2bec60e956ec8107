import { AppError } from '@mediaflow/shared/errors';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { readWhoami, signOut } from './api/client.ts';
import { sentenceOf } from './api/request.ts';
import { Empty } from './components/empty.tsx';
import { Shell } from './components/shell.tsx';
import { LibraryPage } from './library/library-page.tsx';
import { Link, useRoute } from './navigation.tsx';
import { LIBRARY_PATH } from './route.ts';
import { type Session, SessionContext } from './session.ts';
import { SettingsPage } from './settings/settings-page.tsx';
import { SignInPage } from './sign-in-page.tsx';
import type { BrowserUploads } from './upload/browser-uploads.ts';
import { VideoPage } from './video/video-page.tsx';

export function App({ uploads }: { uploads: BrowserUploads }) {
  const [session, setSession] = useState<Session>({ kind: 'unknown' });

  const check = useCallback(() => {
    readWhoami().then(
      (whoami) => setSession({ kind: 'signed-in', whoami }),
      (error: unknown) => setSession(toSession(error)),
    );
  }, []);
  const noticeError = useCallback((error: unknown) => {
    if (isSignedOut(error)) setSession({ kind: 'signed-out' });
  }, []);
  const actions = useMemo(
    () => ({
      check,
      noticeError,
      signOut: () =>
        void signOut()
          .catch(() => undefined)
          .then(check),
    }),
    [check, noticeError],
  );
  useEffect(check, [check]);

  return (
    <SessionContext.Provider value={actions}>
      <Content session={session} uploads={uploads} onRetry={check} />
    </SessionContext.Provider>
  );
}

interface ContentProps {
  readonly session: Session;
  readonly uploads: BrowserUploads;
  readonly onRetry: () => void;
}

function Content({ session, uploads, onRetry }: ContentProps) {
  const route = useRoute();
  switch (session.kind) {
    case 'unknown':
      return <div class="splash" aria-busy="true" />;
    case 'signed-out':
      return <SignInPage />;
    case 'unreachable':
      return (
        <main class="splash">
          <Empty title="MediaFlow is not answering" text={session.message}>
            <button type="button" class="button" onClick={onRetry}>
              Try again
            </button>
          </Empty>
        </main>
      );
    case 'signed-in':
      return (
        <Shell route={route} uploads={uploads.uploads}>
          {route.name === 'library' && <LibraryPage {...uploads} />}
          {route.name === 'video' && <VideoPage key={route.assetId} assetId={route.assetId} />}
          {route.name === 'settings' && <SettingsPage whoami={session.whoami} />}
          {route.name === 'not-found' && (
            <Empty title="There is nothing here" text="The address may be mistyped, or what it named is gone.">
              <Link class="button" href={LIBRARY_PATH}>
                Go to the library
              </Link>
            </Empty>
          )}
        </Shell>
      );
  }
}

const isSignedOut = (error: unknown): boolean => error instanceof AppError && error.code === 'unauthorized';

const toSession = (error: unknown): Session =>
  isSignedOut(error) ? { kind: 'signed-out' } : { kind: 'unreachable', message: sentenceOf(error) };
