import { type HttpServer, Logger } from '@nestjs/common';
import { safeCause } from '../../errors/safe-cause.js';
import { AuthorizationRefusal } from './app-rules.js';
import { type AuthSetup, warningsOf } from './check-rules.js';
import { labelOf } from './rule.js';

const FORM = 'application/x-www-form-urlencoded';

/** What the log says when Fastify would respond with 415 to the forms of pusher-js. */
export const NO_FORM_PARSER =
  'PusherAuthController needs a parser for application/x-www-form-urlencoded, which pusher-js sends, and Fastify has none. Leave the `bodyParser` option of NestFactory.create on, or register @fastify/formbody before the application starts.';

/** The part of a Fastify instance that says which bodies it can read. */
interface Fastify {
  hasContentTypeParser?(contentType: string): boolean;
}

/** What the log says about channel rules. */
export class RuleReport {
  readonly #log = new Logger('PusherChannelRules');

  /**
   * Lists the rules, and warns of what has no effect.
   * @param adapter the HTTP adapter, `undefined` in an application without HTTP
   */
  started(setup: AuthSetup, adapter: HttpServer | undefined): void {
    for (const rule of [...setup.channels, ...setup.users])
      this.#log.debug(
        rule.app === undefined ? labelOf(rule) : `${labelOf(rule)}, for the app "${rule.app}"`,
      );
    // A worker or a script has nothing to mount endpoints on.
    if (!adapter) return;
    for (const warning of warningsOf(setup)) this.#log.warn(warning);
    if (setup.endpoints.length > 0 && lacksFormParser(adapter)) this.#log.error(NO_FORM_PARSER);
  }

  /** Logs an ordinary refusal at debug level, and a fault of the application as an error. */
  refused(subject: string, error: unknown): void {
    const { message, cause } = AuthorizationRefusal.by('the authorization failed', error);
    if (cause === undefined) {
      this.#log.debug(`Refused ${subject}: ${message}.`);
      return;
    }
    const { message: why, stack } = safeCause(cause);
    this.#log.error(`Refused ${subject}: ${message}: ${why}`, stack);
  }
}

/** Whether the application runs on Fastify and cannot read forms. On Express only a request can show it. */
function lacksFormParser(adapter: HttpServer): boolean {
  if (adapter.getType() !== 'fastify') return false;
  const fastify = adapter.getInstance() as Fastify;
  return fastify.hasContentTypeParser?.(FORM) === false;
}
