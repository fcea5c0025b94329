import { createHash, createHmac } from 'node:crypto';
import { Pool } from 'undici';
import { APP } from '../app.mjs';

/** As many connections as this package opens at most, unless told otherwise. */
const CONNECTIONS = 256;

/** The upper limit: an undici pool of the same size as ours, with the signature written out. */
export function bare({ host, port, useTLS }) {
  const origin = `http${useTLS ? 's' : ''}://${host}:${port}`;
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const path = `/apps/${APP.appId}/events`;
  const headers = { 'content-type': 'application/json' };
  return {
    async trigger(channel, name, data) {
      const body = JSON.stringify({ name, data: JSON.stringify(data), channels: [channel] });
      const digest = createHash('md5').update(body).digest('hex');
      const seconds = Math.floor(Date.now() / 1000);
      const query = `auth_key=${APP.key}&auth_timestamp=${seconds}&auth_version=1.0&body_md5=${digest}`;
      const signature = createHmac('sha256', APP.secret)
        .update(`POST\n${path}\n${query}`)
        .digest('hex');
      const target = `${path}?${query}&auth_signature=${signature}`;
      const response = await pool.request({ method: 'POST', path: target, headers, body });
      if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
      return response.body.json();
    },
    close: () => pool.close(),
  };
}
