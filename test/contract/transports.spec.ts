import { createTransport } from '../../lib/http/transport/create-transport.js';
import { transportContract } from './transport.contract.js';

transportContract('the pool directly', (options) => createTransport(options).transport);

transportContract('the HttpService with an interceptor', (options) => {
  const { transport, httpService } = createTransport(options);
  httpService.axiosRef.interceptors.request.use((config) => config);
  httpService.axiosRef.interceptors.response.use((response) => response);
  return transport;
});
