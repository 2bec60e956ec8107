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
    // hls.js alone is 600 kB before compression, and it is loaded only where MediaSource exists.
    chunkSizeWarningLimit: 700,
    rolldownOptions: { input: ['index.html', 'embed.html'] },
  },
  // `pnpm dev` beside a running platform: the API, playlists, media and pictures come from its edge.
  server: { proxy: { '^/(video|system|s)/|\\.(m3u8|mpd|jpg)': 'http://127.0.0.1:8780' } },
});
