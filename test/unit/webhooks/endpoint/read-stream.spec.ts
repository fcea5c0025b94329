import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  PayloadTooLargeException,
  RequestTimeoutException,
} from '@nestjs/common';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { readStream } from '../../../../lib/webhooks/endpoint/read-stream.js';

function reading(maxBytes?: number) {
  const request = new PassThrough();
  const clock = new ManualClock();
  return { request, clock, body: readStream(request, clock, maxBytes) };
}

describe('the body of a request', () => {
  it.each([
    ['is empty', []],
    ['came at once', ['{"a":1}']],
    ['came in parts', ['{"a"', ':', '1}']],
  ])('is read when it %s', async (_how, chunks) => {
    const { request, body } = reading();
    for (const chunk of chunks) request.write(chunk);
    request.end();
    expect((await body).toString()).toBe(chunks.join(''));
  });

  it('is not watched any more when it has been read', async () => {
    const { request, clock, body } = reading();
    const before = new PassThrough().listenerCount('close');
    request.end('{}');
    await body;
    expect(request.listenerCount('close')).toBe(before);
    expect(clock.sleeping).toBe(0);
  });

  it('is refused when it is too long', async () => {
    const { request, body } = reading(2);
    request.end('{ }');
    await expect(body).rejects.toBeInstanceOf(PayloadTooLargeException);
  });

  it('is refused when the connection is closed before its end', async () => {
    const { request, body } = reading();
    request.write('{');
    request.destroy();
    await expect(body).rejects.toBeInstanceOf(BadRequestException);
  });

  it('is refused when it does not arrive in time', async () => {
    const { clock, body } = reading();
    const refusal = body.catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await refusal).toBeInstanceOf(RequestTimeoutException);
  });
});
