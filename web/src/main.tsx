import { render } from 'preact';
import { App } from './app.tsx';
import { createBrowserUploads } from './upload/browser-uploads.ts';

const root = document.getElementById('app');
if (root !== null) render(<App uploads={createBrowserUploads()} />, root);
