import { afterEach, beforeEach, describe } from '@jest/globals';
import { responsesContract } from './responses.js';
import { connectionsContract } from './connections.js';
import { failuresContract } from './failures.js';
import { requestsContract } from './requests.js';
import { type MakeTransport, TransportFixture } from './fixture.js';
import { tlsAndProxiesContract } from './tls-and-proxies.js';

/** What every HttpTransport has to do. */
export function httpTransportContract(name: string, make: MakeTransport): void {
  describe(`${name} as HttpTransport`, () => {
    let fixture: TransportFixture;
    const current = (): TransportFixture => fixture;

    beforeEach(() => {
      fixture = new TransportFixture(make);
    });

    afterEach(() => fixture.end());

    requestsContract(current);
    responsesContract(current);
    connectionsContract(current);
    failuresContract(current);
    tlsAndProxiesContract(current);
  });
}
