type Header = string | readonly string[] | undefined;

/**
 * What proxies in front say, believed as far as they are ours: the last `hops` entries of a list were written by them, everything
 * before came from outside. Pure.
 */
export function forwardedScheme(header: Header, hops: number): 'http' | 'https' | undefined {
  // Most proxies write one for all of them and do not add to a list. Nothing is gained by a wrong one: it is our own links' scheme.
  const scheme = hops === 0 ? undefined : (entryFromEnd(header, hops) ?? String(header ?? '').trim());
  return scheme === 'http' || scheme === 'https' ? scheme : undefined;
}

export function forwardedAddress(header: Header, hops: number): string | undefined {
  return entryFromEnd(header, hops);
}

function entryFromEnd(header: Header, hops: number): string | undefined {
  if (hops === 0 || header === undefined) return undefined;
  // With fewer entries than proxies somebody has gone round one of ours: what is there came from outside.
  return String(header).split(',').at(-hops)?.trim();
}
