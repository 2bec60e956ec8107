import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { Link } from '../navigation.tsx';
import { LIBRARY_PATH, type Route, SETTINGS_PATH } from '../route.ts';
import { SessionContext } from '../session.ts';
import type { Uploads } from '../upload/uploads.ts';
import { useStore } from './hooks.ts';
import { Wordmark } from './wordmark.tsx';

interface ShellProps {
  readonly route: Route;
  readonly uploads: Uploads;
  readonly children: ComponentChildren;
}

/** The frame around every signed-in page. */
export function Shell({ route, uploads, children }: ShellProps) {
  const { signOut } = useContext(SessionContext);
  return (
    <>
      <a class="skip-link" href="#content">
        Skip to content
      </a>
      <header class="top">
        <div class="top-inner">
          <Link href={LIBRARY_PATH} class="home" label="MediaFlow, library">
            <Wordmark />
          </Link>
          <nav aria-label="Main">
            <Link href={LIBRARY_PATH} isCurrent={route.name === 'library'} testId="nav-library">
              Library
              {route.name !== 'library' && <ActiveUploads uploads={uploads} />}
            </Link>
            <Link href={SETTINGS_PATH} isCurrent={route.name === 'settings'} testId="nav-settings">
              Settings
            </Link>
          </nav>
          <button type="button" class="button quiet small" onClick={signOut} data-testid="sign-out">
            Sign out
          </button>
        </div>
      </header>
      <main id="content" class="page">
        {children}
      </main>
    </>
  );
}

/** Uploads go on while other pages are open; this says so. */
function ActiveUploads({ uploads }: { uploads: Uploads }) {
  const count = useStore(uploads.items).filter(({ phase }) => phase.kind === 'sending' || phase.kind === 'reconnecting').length;
  return count === 0 ? null : (
    <span class="badge">
      {count}
      <span class="visually-hidden"> uploading</span>
    </span>
  );
}
