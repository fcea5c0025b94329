import { EventEmitter } from 'node:events';
import { lifetimeOf } from '../../../../lib/auth/endpoint/pusher-auth.controller.js';

/** A request that is never finished, on a connection that keeps no process alive. */
const response = Object.assign(new EventEmitter(), { destroyed: false });
const HOUR = 60 * 60 * 1000;
void lifetimeOf(response, HOUR).waitFor(new Promise<never>(() => undefined));
process.on('exit', () => console.log('still open'));
