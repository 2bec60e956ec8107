import { parseSite, type Site } from '@mediaflow/shared/domain-pattern';
import type { Client } from '../client.ts';

/** What restrictions and access rules look at. */
export interface Viewer {
  readonly client: Client;
  /** The page that plays: undefined where none is named, `other` where what is named is no web page. */
  readonly site: Site | 'other' | undefined;
  /** Undefined without one. */
  readonly userAgent: string | undefined;
}

/**
 * A page may withhold `Referer`, but not the `Origin` of what its scripts load from elsewhere; only where neither is sent is no page
 * named. `null` is the origin of pages that have none to tell (RFC 6454 section 7.3).
 */
export function viewerOf({ headers }: Request, client: Client): Viewer {
  const origin = headers.get('origin');
  const page = headers.get('referer') || (origin === 'null' ? '' : origin);
  return { client, site: page ? (parseSite(page) ?? 'other') : undefined, userAgent: headers.get('user-agent') || undefined };
}
