import { startSockudo } from '../support/services/channels-servers.js';
import { serverContract } from '../support/services/server-contract.js';

serverContract('sockudo', 'sockudo', startSockudo);
