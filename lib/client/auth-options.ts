import { refuseUnknown } from './unknown-options.js';

/** How the browser proves to the auth endpoints who its user is. */
export interface AuthOptions {
  /** Path or address before `/auth` and `/user-auth`, as `PusherAuthController` has it. @default '/pusher' */
  path?: string | undefined;
  /** The token for `Authorization: Bearer`, or a function that returns it; asked anew for each request. */
  token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Further headers, such as the one against cross-site request forgery; asked anew for each request. */
  headers?: (() => Record<string, string>) | undefined;
  /** Whether cookies are sent: `'include'` for an API on another origin. @default 'same-origin' */
  credentials?: 'omit' | 'same-origin' | 'include' | undefined;
}

/** The connection, and the channel unless a user signs in. */
interface Subscriber {
  readonly socketId: string;
  readonly channelName?: string;
}

/** What `pusher-js` asks a handler for, and how it takes the response. */
export interface AuthHandler {
  /** Requests an authorization and passes it, or the error, to the callback. */
  customHandler(parameters: Subscriber, callback: (error: Error | null, data: never) => void): void;
}

/**
 * The two options that `pusher-js` needs for private and presence channels and for `signin()`:
 * `new Pusher(key, { cluster, ...authOptions({ token: () => session.token }) })`.
 * @throws TypeError for an option of another name
 */
export function authOptions(options: AuthOptions = {}): {
  channelAuthorization: AuthHandler;
  userAuthentication: AuthHandler;
} {
  const { path, token, headers, credentials, ...rest } = options;
  refuseUnknown(rest);

  const handler = (endpoint: string): AuthHandler => {
    const address = `${path ?? '/pusher'}/${endpoint}`;
    const request = async (subscriber: Subscriber): Promise<unknown> => {
      const bearer = typeof token === 'function' ? await token() : token;
      const response = await fetch(address, {
        method: 'POST',
        credentials,
        headers: {
          'content-type': 'application/json',
          ...headers?.(),
          ...(bearer && { authorization: `Bearer ${bearer}` }),
        },
        body: JSON.stringify({
          socket_id: subscriber.socketId,
          channel_name: subscriber.channelName,
        }),
      });
      if (response.ok) return response.json();
      throw new Error(`${address} returned ${response.status}`);
    };
    return {
      customHandler: (subscriber, callback) =>
        void request(subscriber).then(
          (data) => callback(null, data as never),
          (error: unknown) => callback(error as Error, null as never),
        ),
    };
  };
  return { channelAuthorization: handler('auth'), userAuthentication: handler('user-auth') };
}
