import { createTransport } from '../../../lib/http/transport/create-transport.js';
import { httpTransportContract } from './contract.js';

httpTransportContract('undici', (options) => createTransport(options).transport);

httpTransportContract('axios with interceptors', (options) => {
  const { transport, httpService } = createTransport(options);
  httpService.axiosRef.interceptors.request.use((config) => config);
  httpService.axiosRef.interceptors.response.use((response) => response);
  return transport;
});
