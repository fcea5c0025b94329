import type { HttpResponse } from '../http-transport.js';

/** Reads a response of `fetch`, and not much more of its body than `maxBytes`. */
export async function readResponse(response: Response, maxBytes: number): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) break;
    chunks.push(chunk.value);
    size += chunk.value.byteLength;
    if (size > maxBytes) break;
  }
  const received = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.concat(chunks).toString(),
  };
  return size > maxBytes ? { ...received, truncated: true } : received;
}
