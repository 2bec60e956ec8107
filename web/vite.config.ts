import { defineConfig } from 'vite';

/**
 * Two pages from one source tree: the dashboard and the embeddable player. Everything but the two HTML files is named by
 * its content under `/static/`, so the edge may let browsers keep it for ever.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsDir: 'static',
    // A data: URI would need `img-src data:` in the Content-Security-Policy for the sake of one small icon.
    assetsInlineLimit: 0,
    // hls.js is 600 kB of the player's chunk before compression. The embed page has it loaded from its first line: fetched only
    // when the player asks for it, it would stand between the viewer and the first picture.
    chunkSizeWarningLimit: 800,
    rolldownOptions: { input: ['index.html', 'embed.html'] },
  },
  // `pnpm dev` beside a running platform: the API, playlists, media and pictures come from its edge.
  server: { proxy: { '^/(video|system|s)/|\\.(m3u8|mpd|jpg)': 'http://127.0.0.1:8780' } },
});
