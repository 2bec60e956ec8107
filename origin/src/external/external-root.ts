import type { AccountId } from '@mediaflow/shared/ids';
import { isObjectKey } from '@mediaflow/shared/object-store';
import { z } from 'zod';

const ACCOUNT = '{account_id}';
/** What MediaFlow writes itself: to register it would open one's sources, and other accounts' media. */
const OWN_FOLDERS = ['media', 'sources'];

/** Below it customers' files are taken from. */
export const externalRootSchema = z
  .string()
  .default(`external/${ACCOUNT}/`)
  .transform((root) => `${root.replace(/\/$/, '')}/`)
  .refine(isRoot, `expected a folder of the bucket, with or without ${ACCOUNT} in it, other than ${OWN_FOLDERS.join(' and ')}`);

function isRoot(root: string): boolean {
  const [top = ''] = root.split('/', 1);
  return isObjectKey(rootOf(root, '0'.repeat(32) as AccountId).slice(0, -1)) && !OWN_FOLDERS.includes(top);
}

/** The account's own, where the operator gave each one; else the installation's. */
export const rootOf = (root: string, accountId: AccountId): string => root.replaceAll(ACCOUNT, accountId);
