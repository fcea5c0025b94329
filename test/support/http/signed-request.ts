import OfficialPusher from 'pusher';
import type { PusherTestServer } from '../../../lib/testing/index.js';

/** What a server answered. */
export interface Reply {
  status: number;
  text: string;
  type: string | null;
}

interface Question {
  method?: 'GET' | 'POST';
  /** After `/apps/<id>`. */
  path: string;
  params?: Record<string, string>;
  /** A text goes as it is, anything else as JSON. */
  body?: unknown;
  appId?: string;
  /** Changes the address after it was signed. */
  tamper?: (url: URL) => void;
}

/** Sends a request signed by the official package, without any of that package's checks. */
export async function ask(server: PusherTestServer, question: Question): Promise<Reply> {
  const { body, params, appId } = question;
  const method = question.method ?? (body === undefined ? 'GET' : 'POST');
  const options = server.optionsOf(appId);
  const path = `${options.pathPrefix ?? ''}/apps/${options.appId}${question.path}`;
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
  question.tamper?.(url);
  const answer = await fetch(url, { method, ...(text !== undefined && { body: text }) });
  return {
    status: answer.status,
    text: await answer.text(),
    type: answer.headers.get('content-type'),
  };
}
