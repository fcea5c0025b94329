import { describe, expect, it } from '@jest/globals';
import {
  clientOptionsFor,
  connectionFor,
  urlFor,
} from '../../../../lib/testing/server/addresses.js';
import { serverSettings } from '../../../../lib/testing/server/options.js';

describe('the addresses of a test server', () => {
  it.each([
    ['0.0.0.0', '127.0.0.1', '127.0.0.1'],
    ['::1', '::1', '[::1]'],
    ['::', '::1', '[::1]'],
    ['localhost', 'localhost', 'localhost'],
  ])('return a host that one can connect to when the server listens on %s', (host, name, inUrl) => {
    const address = { settings: serverSettings({ host }), port: 7 };
    const [app] = address.settings.apps;
    if (!app) throw new Error('there is an app');
    expect(connectionFor(address, app).host).toBe(name);
    expect(clientOptionsFor(address).wsHost).toBe(inUrl);
    expect(urlFor(address, app)).toContain(`@${inUrl}:7/`);
  });
});
