import { AppError } from '@mediaflow/shared/errors';
import type { Scope } from '@mediaflow/shared/scopes';

/** The scopes of a new token: what was asked for, but never more than the creator's own. Pure. @throws AppError `forbidden` */
export function grantScopes(own: readonly Scope[], asked: readonly Scope[] = own): readonly Scope[] {
  const beyond = asked.filter((scope) => !own.includes(scope));
  if (beyond.length === 0) return asked;
  throw new AppError('forbidden', `A token cannot grant more than it has: ${beyond.join(', ')} is beyond ${own.join(', ')}.`);
}
