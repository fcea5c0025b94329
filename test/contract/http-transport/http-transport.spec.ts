import { createTransport } from '../../../lib/http/transport/create-transport.js';
import { httpTransportContract } from './contract.js';

httpTransportContract('undici', (options, clock) => createTransport(options, clock).transport);

httpTransportContract('axios with interceptors', (options, clock) => {
  const { transport, httpService } = createTransport(options, clock);
  httpService.axiosRef.interceptors.request.use((config) => config);
  httpService.axiosRef.interceptors.response.use((response) => response);
  return transport;
});
