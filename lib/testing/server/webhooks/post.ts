import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Timers } from '../timers.js';

/** What became of one request. */
export type PostOutcome = { status: number; body: string } | { error: string };

/** Posts once, on a line of its own, and never rejects. */
export function post(
  message: { url: string; headers: Readonly<Record<string, string>>; body: string },
  timeoutMs: number,
  timers: Timers,
  stopped: AbortSignal,
): Promise<PostOutcome> {
  return new Promise((resolve) => {
    const give = new AbortController();
    const cancel = timers.after(timeoutMs, () =>
      end({ error: `No answer within ${timeoutMs} ms` }),
    );
    const onStop = () => end({ error: 'The server was stopped' });
    const end = (outcome: PostOutcome) => {
      cancel();
      stopped.removeEventListener('abort', onStop);
      resolve(outcome);
      give.abort();
    };
    stopped.addEventListener('abort', onStop);
    try {
      const send = message.url.startsWith('https:') ? httpsRequest : httpRequest;
      const headers = { ...message.headers, 'content-length': Buffer.byteLength(message.body) };
      send(message.url, { method: 'POST', headers, agent: false, signal: give.signal })
        .on('response', (response) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('end', () =>
              end({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
            )
            .on('error', (error) => end({ error: error.message }));
        })
        .on('error', (error) => end({ error: error.message }))
        .end(message.body);
    } catch (error) {
      end({ error: error instanceof Error ? error.message : String(error) });
    }
  });
}
