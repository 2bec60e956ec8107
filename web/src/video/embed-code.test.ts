import { describe, expect, it } from 'vitest';
import { embedCode, embedUrl } from './embed-code.ts';

const ID = '0'.repeat(32);

describe('embedUrl', () => {
  it('needs no token for a public id', () =>
    expect(embedUrl('https://v.example', { playbackId: ID })).toBe(`https://v.example/embed/${ID}`));
  it('keeps any token inside the query', () => {
    expect(embedUrl('https://v.example', { playbackId: ID, token: 'a.b-c_d"&x=1' })).toBe(
      `https://v.example/embed/${ID}?token=a.b-c_d%22%26x%3D1`,
    );
  });
});

describe('embedUrl of a signed id', () => {
  it('opens the poster too', () =>
    expect(embedUrl('https://v.example', { playbackId: ID, token: 'T', thumbnailToken: 'P' })).toBe(
      `https://v.example/embed/${ID}?token=T&thumbnail-token=P`,
    ));
});

describe('embedCode', () => {
  it('takes the shape of the video', () => {
    expect(embedCode('https://v.example/embed/x', '9:16')).toBe(
      '<iframe src="https://v.example/embed/x" style="width: 100%; aspect-ratio: 9 / 16; border: 0" allow="autoplay; fullscreen; picture-in-picture" title="Video"></iframe>',
    );
  });
  it('assumes 16:9 while the shape is unknown', () => expect(embedCode('u')).toContain('aspect-ratio: 16 / 9'));
});
