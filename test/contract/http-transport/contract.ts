import { afterEach, beforeEach, describe } from '@jest/globals';
import { responsesContract } from './responses.js';
import { connectionsContract } from './connections.js';
import { failuresContract } from './failures.js';
import { requestsContract } from './requests.js';
import { type MakeTransport, type TransportAbilities, TransportFixture } from './fixture.js';
import { wireContract } from './wire.js';
import { tlsAndProxiesContract } from './tls-and-proxies.js';

/** What every HttpTransport has to do. */
export function httpTransportContract(
  name: string,
  make: MakeTransport,
  abilities: TransportAbilities = { ownsConnections: true },
): void {
  describe(`${name} as HttpTransport`, () => {
    let fixture: TransportFixture;
    const current = (): TransportFixture => fixture;

    beforeEach(() => {
      fixture = new TransportFixture(make, abilities);
    });

    afterEach(() => fixture.end());

    requestsContract(current);
    responsesContract(current);
    connectionsContract(current);
    failuresContract(current);
    if (abilities.ownsConnections) {
      wireContract(current);
      tlsAndProxiesContract(current);
    }
  });
}
