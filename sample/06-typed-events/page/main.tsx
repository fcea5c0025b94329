import Pusher, { type Options } from 'pusher-js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Kitchen } from './kitchen.js';

const response = await fetch('/config');
const { key, options } = (await response.json()) as { key: string; options: Options };

createRoot(document.querySelector('#root') as HTMLElement).render(
  <StrictMode>
    <Kitchen pusher={new Pusher(key, options)} />
  </StrictMode>,
);
