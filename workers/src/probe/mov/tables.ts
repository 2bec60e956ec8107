import type { FileHandle } from 'node:fs/promises';
import { defaultReaderConfig, isIsoBoxType, readIsoBoxes } from '@svta/cml-iso-bmff';
import { readAt } from '../read-at.ts';
import { type Box, readBoxesAt } from './boxes.ts';

/** A million keyframes, or half a million pictures that all stand another time. */
const MAX_TABLE_BYTES = 4_194_304;
/** Size, type, version and flags, number of rows. */
const TABLE_HEADER_BYTES = 16;

/**
 * The first box at a path below some boxes, whole; empty where it is larger than is read at once.
 *
 * @param end of what holds the boxes
 */
export async function readBoxBytes(
  file: FileHandle,
  boxes: readonly Box[],
  end: number,
  path: readonly string[],
): Promise<Buffer | undefined> {
  const [box] = await readBoxesAt(file, boxes, end, path);
  return box && readAt(file, box.offset, box.sizeBytes <= MAX_TABLE_BYTES ? box.sizeBytes : 0);
}

/** An empty object for what is no box, or less of one than it says. */
export function parseBox(bytes: Buffer | undefined): object {
  try {
    return (bytes !== undefined && readIsoBoxes(bytes, defaultReaderConfig())[0]) || {};
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

/** Ticks a second of a track, out of its `mdhd`. */
export function readTimescale(bytes: Buffer | undefined): number | undefined {
  const box = parseBox(bytes);
  return isIsoBoxType('mdhd', box) && box.timescale > 0 ? box.timescale : undefined;
}

/** The unsigned 32-bit numbers of a table, as many whole rows as it says and has. */
export function readNumbers(table: Buffer | undefined, columns: number): Uint32Array {
  if (table === undefined || table.length < TABLE_HEADER_BYTES) return new Uint32Array();
  const rows = Math.min(table.readUInt32BE(TABLE_HEADER_BYTES - 4), Math.floor((table.length - TABLE_HEADER_BYTES) / (4 * columns)));
  const numbers = new Uint32Array(rows * columns);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = table.readUInt32BE(TABLE_HEADER_BYTES + 4 * index);
  return numbers;
}
