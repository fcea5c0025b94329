import { startSoketi } from '../../support/services/channels-servers.js';
import { serverContract } from '../../support/services/server-contract.js';

serverContract('soketi', 'soketi', startSoketi);
