import { describe, expect, it } from '@jest/globals';
import type { PusherModuleOptions } from '../../../lib/index.js';
import { triggerInTurn } from '../../support/http/trigger-in-turn.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { RAW_CERTIFICATE } from '../../support/raw/certificate.js';
import { Nginx } from '../../support/services/nginx.js';
import { TinyProxy } from '../../support/services/tinyproxy.js';

const EVENTS = 300;
const REQUESTS_PER_CONNECTION = 25;

describe.each([
  ['http', false],
  ['https', true],
])('nginx over %s, behind tinyproxy', (_scheme, useTLS) => {
  it.each<[string, number, PusherModuleOptions]>([
    ['one caller', 1, {}],
    ['eight callers', 8, {}],
    ['eight callers and batching', 8, { batching: true }],
  ])(
    'is reached by few tunnels, each used until nginx closes it: %s',
    async (_by, callers, own) => {
      const requestsPerConnection = REQUESTS_PER_CONNECTION;
      await using nginx = await Nginx.start({ requestsPerConnection, tls: useTLS });
      await using proxy = await TinyProxy.start('user:password');
      const account = { appId: '3', key: 'key', secret: 'secret', host: '127.0.0.1' };
      const pusher = await startPusher({
        ...account,
        port: nginx.port,
        useTLS,
        http: { proxy: proxy.address, ...(useTLS && { tls: { ca: RAW_CERTIFICATE } }) },
        ...own,
      });
      await triggerInTurn(pusher, EVENTS, callers);
      const requests = nginx.requestsByConnection();
      expect(requests.length).toBeLessThanOrEqual(20);
      expect(Math.max(...requests)).toBeLessThanOrEqual(REQUESTS_PER_CONNECTION);
    },
  );
});
