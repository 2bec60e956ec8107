/** A busy machine answers late; only silence counts. */
const PING_TIMEOUT_MS = 10_000;

/** Resolves when `url` answers 2xx; throws with the status and the start of the body otherwise. */
export async function pingHttp(url: string, timeoutMs = PING_TIMEOUT_MS): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 300)}`);
}
