import { describe, expect, it } from 'vitest';
import { parseRoute, videoPath } from './route.ts';

const ASSET_ID = '0123456789abcdef0123456789abcdef';

describe('parseRoute', () => {
  it.each([
    ['/', { name: 'library' }],
    ['/index.html', { name: 'library' }],
    ['/settings', { name: 'settings' }],
    ['/settings/', { name: 'settings' }],
    [videoPath(ASSET_ID), { name: 'video', assetId: ASSET_ID }],
    [`${videoPath(ASSET_ID)}/`, { name: 'video', assetId: ASSET_ID }],
    ['/videos/', { name: 'not-found' }],
    ['/videos/../settings', { name: 'not-found' }],
    [videoPath(ASSET_ID.toUpperCase()), { name: 'not-found' }],
    [`${videoPath(ASSET_ID)}/x`, { name: 'not-found' }],
    ['/nowhere', { name: 'not-found' }],
  ])('%s', (path, expected) => expect(parseRoute(path)).toEqual(expected));
});
