import OfficialPusher from 'pusher';
import type { PusherTestServer } from '../../../lib/testing/index.js';

/** The response of a server. */
export interface SignedResponse {
  status: number;
  text: string;
  type: string | null;
}

interface SignedRequest {
  method?: 'GET' | 'POST';
  /** After `/apps/<id>`. */
  path: string;
  params?: Record<string, string>;
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown;
  appId?: string;
  /** Changes the URL after it was signed. */
  tamper?: (url: URL) => void;
}

/** Sends a request signed by the official package, without any of that package's checks. */
export async function sendSigned(
  server: PusherTestServer,
  request: SignedRequest,
): Promise<SignedResponse> {
  const { body, params, appId } = request;
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  const options = server.optionsOf(appId);
  const path = `${options.pathPrefix ?? ''}/apps/${options.appId}${request.path}`;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const official = new OfficialPusher({ ...options, port: String(options.port) });
  const query = official.createSignedQueryString({
    method,
    path,
    ...(params && { params }),
    ...(text !== undefined && { body: text }),
  });
  const url = new URL(`http://127.0.0.1:${server.port}${path}`);
  // The package escapes nothing, so only its own parameters can be told apart in the result.
  for (const [, name = '', value = ''] of query.matchAll(/\b(auth_\w+|body_md5)=([^&]*)/g))
    url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(params ?? {})) url.searchParams.append(name, value);
  request.tamper?.(url);
  const response = await fetch(url, { method, ...(text !== undefined && { body: text }) });
  return {
    status: response.status,
    text: await response.text(),
    type: response.headers.get('content-type'),
  };
}
