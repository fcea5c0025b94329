import { PusherOptionsError } from '../../../errors/pusher-options.error.js';
import { HttpSettings } from '../../../options/http.options.js';
import type { ResolvedHttpOptions } from '../../../options/pusher-options.js';

/**
 * Checks that `fetch` can do what the options ask for.
 * @param reason why undici cannot be used
 * @throws PusherOptionsError which lists the options that it cannot
 */
export function checkFetchOptions(http: ResolvedHttpOptions, reason: string): void {
  const problems: string[] = [];
  if (http.proxy)
    problems.push(
      '`http.proxy`, or HTTPS_PROXY or HTTP_PROXY of the environment, is set, but fetch cannot be given a proxy. Set `http.proxy: false` to leave the choice to the runtime.',
    );
  if (http.tls)
    problems.push(
      '`http.tls` is set, but fetch cannot be given certificates. Remove it, and configure them in the runtime.',
    );
  if (http.keepAliveTimeoutMs !== new HttpSettings().keepAliveTimeoutMs)
    problems.push(
      '`http.keepAliveTimeoutMs` is set, but the runtime decides how long fetch keeps connections. Remove it.',
    );
  if (http.axios) problems.push(AXIOS);
  if (problems.length > 0) throw new PusherOptionsError(problems, titleOf(reason));
}

/** For an application that injects the `HttpService`. */
export function axiosOverFetch(reason: string): PusherOptionsError {
  return new PusherOptionsError([AXIOS], titleOf(reason));
}

const AXIOS =
  '`http.axios` and @InjectPusherHttp() need undici. Remove them, or run the application on Node.';

function titleOf(reason: string): string {
  return `Requests are sent with fetch, because ${reason}`;
}
