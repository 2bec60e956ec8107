import { ANY_DOMAIN, matchesDomain } from '@mediaflow/shared/domain-pattern';
import type { PlaybackRestrictionAnswer } from '@mediaflow/shared/internal';
import type { RefusalReason } from './refusal.ts';
import { isHighRiskUserAgent } from './user-agent.ts';
import type { Viewer } from './viewer.ts';

/** Why a playback restriction keeps a viewer out; undefined when it does not. Pure. */
export function findRestrictionFault(
  { referrer, user_agent }: PlaybackRestrictionAnswer,
  { site, userAgent }: Viewer,
): RefusalReason | undefined {
  if (!allowsSite(referrer, site)) return 'referrer_refused';
  const allowsProgram =
    userAgent === undefined ? user_agent.allow_no_user_agent : user_agent.allow_high_risk_user_agent || !isHighRiskUserAgent(userAgent);
  return allowsProgram ? undefined : 'user_agent_refused';
}

function allowsSite({ allowed_domains, allow_no_referrer }: PlaybackRestrictionAnswer['referrer'], site: Viewer['site']): boolean {
  if (site === undefined) return allow_no_referrer;
  return allowed_domains.some((pattern) => pattern === ANY_DOMAIN || (site !== 'other' && matchesDomain(pattern, site)));
}
