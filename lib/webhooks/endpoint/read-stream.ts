import type { Readable } from 'node:stream';
import {
  BadRequestException,
  PayloadTooLargeException,
  RequestTimeoutException,
} from '@nestjs/common';
import type { Clock } from '../../runtime/clock.js';
import { withDeadline } from '../../runtime/deadline.js';

/** The longest body that is read, in bytes: the default of Fastify, and far more than a webhook has. */
const MAX_BODY_BYTES = 1_048_576;
/** How long a client may take to send it, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Whether the body of the request is still to be read: no parser has touched it. */
export function isUnread(request: object): request is Readable {
  const { readable, readableDidRead } = request as Partial<Readable>;
  return readable === true && readableDidRead === false;
}

/**
 * Reads the body of a request.
 * @param maxBytes the longest body that is accepted
 * @throws PayloadTooLargeException when it is longer
 * @throws RequestTimeoutException when it has not arrived within ten seconds
 * @throws BadRequestException when the client has closed the connection before its end
 */
export async function readStream(
  request: Readable,
  clock: Clock,
  maxBytes = MAX_BODY_BYTES,
): Promise<Buffer> {
  const reason = (): Error => new RequestTimeoutException('The body did not arrive in time.');
  return await withDeadline(collect(request, maxBytes), { timeoutMs: TIMEOUT_MS, clock, reason });
}

function collect(request: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else reject(new PayloadTooLargeException(`The body has more than ${maxBytes} bytes.`));
    });
    const onClose = (): void => reject(incomplete());
    request.on('end', () => {
      // It closes after its end as well, and an exception costs as much as reading the body.
      request.off('close', onClose);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    request.on('error', onClose);
    request.on('close', onClose);
  });
}

function incomplete(): BadRequestException {
  return new BadRequestException('The connection was closed before the end of the body.');
}
