import { createTransport } from '../../../lib/http/transport/create-transport.js';
import { FetchTransport } from '../../../lib/http/transport/fetch/fetch-transport.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { httpTransportContract } from './contract.js';

httpTransportContract('undici', async (options, clock) => {
  const { transport } = await createTransport(options, clock);
  return transport;
});

httpTransportContract('axios with interceptors', async (options, clock) => {
  const app = await createTransport(options, clock);
  const { interceptors } = (await app.httpService()).axiosRef;
  interceptors.request.use((config) => config);
  interceptors.response.use((response) => response);
  return app.transport;
});

httpTransportContract(
  'fetch',
  async (options, clock = new SystemClock()) => new FetchTransport(options, clock),
  { ownsConnections: false },
);
