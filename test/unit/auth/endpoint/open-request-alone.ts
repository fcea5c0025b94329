import { EventEmitter } from 'node:events';
import { whileOpen } from '../../../../lib/auth/endpoint/open-request.js';

/** A request that nobody answers, of a connection that keeps no process alive. */
const response = Object.assign(new EventEmitter(), { destroyed: false });
const HOUR = 60 * 60 * 1000;
void whileOpen(response, HOUR, () => new Promise<never>(() => undefined));
process.on('exit', () => console.log('still open'));
