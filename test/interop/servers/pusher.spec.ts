import { startTestServer } from '../../support/services/channels-servers.js';
import { serverContract } from '../../support/services/server-contract.js';

// Our own server stands for Pusher, whose protocol it follows.
serverContract('Pusher', 'pusher', startTestServer);
