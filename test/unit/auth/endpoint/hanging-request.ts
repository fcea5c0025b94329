import { EventEmitter } from 'node:events';
import { withRequestSignal } from '../../../../lib/auth/endpoint/pusher-auth.controller.js';

/** A request that is never finished, on a connection that keeps no process alive. */
const response = Object.assign(new EventEmitter(), { destroyed: false });
const HOUR = 60 * 60 * 1000;
void withRequestSignal(response, HOUR, () => new Promise<never>(() => undefined));
process.on('exit', () => console.log('still open'));
