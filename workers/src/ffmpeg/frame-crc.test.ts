import { expect, test } from 'vitest';
import { parseFrameCrc } from './frame-crc.ts';

test("reads ffmpeg's list of packets, and nothing else that stands in it", () => {
  const text = [
    '#software: Lavf59.27.100',
    '#tb 0: 1/90000',
    '#tb 1: 1/1000',
    '0,     131130,     131130,     2089,      504, 0x8faeee8d, S=1,        1',
    '1,         23,         23,       23,      325, 0x3810add7',
    '0,     133220,     133220,     2089,      332, 0xb493b21b',
    '1, -9223372036854775808, -9223372036854775808, 0, 1, 0x0',
    'torn',
  ].join('\n');
  expect([...parseFrameCrc(text)]).toEqual([
    [0, { tickSeconds: 1 / 90_000, ticks: [131_130, 133_220] }],
    [1, { tickSeconds: 1 / 1000, ticks: [23] }],
  ]);
});
