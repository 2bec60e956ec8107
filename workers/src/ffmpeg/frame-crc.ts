/** The packets of one stream, in the order of the file. */
export interface PacketList {
  readonly tickSeconds: number;
  /** When each is shown. */
  readonly ticks: readonly number[];
}

/**
 * What ffmpeg's format `framecrc` says of packets, by output stream: `#tb 0: 1/90000`, then a line of
 * `0, dts, pts, duration, size, checksum` for each. One without a time is left out.
 */
export function parseFrameCrc(text: string): ReadonlyMap<number, PacketList> {
  const lists = new Map<number, { readonly tickSeconds: number; readonly ticks: number[] }>();
  for (const line of text.split('\n')) {
    const base = /^#tb (\d+): (\d+)\/(\d+)$/.exec(line);
    if (base !== null) lists.set(Number(base[1]), { tickSeconds: Number(base[2]) / Number(base[3]), ticks: [] });
    // 19 digits are ffmpeg's word for none.
    const packet = /^(\d+),\s*-?\d+,\s*(-?\d{1,16}),/.exec(line);
    if (packet !== null) lists.get(Number(packet[1]))?.ticks.push(Number(packet[2]));
  }
  return lists;
}
