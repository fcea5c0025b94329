import type { ResolvedHttpOptions } from '../../options/pusher-options.js';

/** Name and version as the `X-Pusher-Library` header carries them. A test compares it with package.json. */
export const LIBRARY = 'nestjs-pusher-channels 0.2.0';

/** Headers of every request. `identity`: responses are small, and decompressing safely is work. */
const COMMON = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'x-pusher-library': LIBRARY,
};

/** The headers of requests without and with a body; those of the application take precedence. */
export function requestHeaders(http: ResolvedHttpOptions): {
  bare: Readonly<Record<string, string>>;
  withBody: Readonly<Record<string, string>>;
} {
  const own = Object.entries(http.headers?.reveal() ?? {});
  const bare = {
    ...COMMON,
    ...Object.fromEntries(own.map(([name, value]) => [name.toLowerCase(), value])),
  };
  return { bare, withBody: { 'content-type': 'application/json', ...bare } };
}
