import type { Whoami } from '@mediaflow/shared/api';
import { createContext } from 'preact';

/** Who is signed in is for the server to say: the cookie is HttpOnly, so this page cannot see it. */
export type Session =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly whoami: Whoami }
  | { readonly kind: 'unreachable'; readonly message: string };

export interface SessionActions {
  /** Asks the server who is signed in. */
  check(): void;
  signOut(): void;
  /** To be told of every failed call: one that says the session is over shows the sign-in page. */
  noticeError(error: unknown): void;
}

const inert = () => undefined;

export const SessionContext = createContext<SessionActions>({ check: inert, signOut: inert, noticeError: inert });
