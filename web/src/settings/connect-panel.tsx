import { CopyButton } from '../components/copy-button.tsx';

/** How programs reach this installation; secrets stay placeholders. */
export function ConnectPanel() {
  const { origin } = location;
  return (
    <section class="panel" aria-labelledby="connect-title">
      <h2 id="connect-title">Connect</h2>
      <p class="muted">Mux’s SDKs work against this address unchanged, and any TUS client can send files.</p>
      <Snippet title="Mux SDK for Node" code={muxSnippet(origin)} />
      <Snippet title="Upload from a browser with tus-js-client" code={tusSnippet(origin)} />
    </section>
  );
}

function Snippet({ title, code }: { title: string; code: string }) {
  return (
    <figure class="snippet">
      <figcaption>
        <span>{title}</span>
        <CopyButton text={code} what={`the example “${title}”`} class="quiet" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1). */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}

const muxSnippet = (origin: string): string => `import Mux from '@mux/mux-node';

const mux = new Mux({
  baseURL: '${origin}',
  tokenId: process.env.MEDIAFLOW_TOKEN_ID,
  tokenSecret: process.env.MEDIAFLOW_TOKEN_SECRET,
});

const upload = await mux.video.uploads.create({
  cors_origin: 'https://your-site.example',
  new_asset_settings: { playback_policies: ['signed'] },
});`;

const tusSnippet = (origin: string): string => `import { Upload } from 'tus-js-client';

// Your server asks ${origin}/video/v1/uploads for an upload
// and passes its url on: no API token reaches the browser.
new Upload(file, {
  endpoint: upload.url,
  retryDelays: [0, 1000, 3000, 10000],
  onProgress: (sent, total) => console.log(sent / total),
}).start();`;
