/** What is measured is worth nothing unless it is the right answer. */
export async function expectBytes(url: string, expected: Uint8Array): Promise<void> {
  const response = await fetch(url);
  const actual = new Uint8Array(await response.arrayBuffer());
  if (response.status !== 200 || Buffer.compare(actual, expected) !== 0) throw new Error(`${url} gave other bytes (${response.status})`);
}
