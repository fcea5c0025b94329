import type { HttpServer } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import { safeCause } from '../../errors/safe-cause.js';
import { DEFAULT_APP } from '../../options/pusher-options.js';
import { quoted } from '../../protocol/names.js';
import { AuthorizationRefusal, NoUserRefusal } from './app-rules.js';
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

/** Where Fastify keeps its parsers of bodies; the one for all types has an empty name. */
interface FastifyParsers {
  readonly customParsers?: ReadonlyMap<string, unknown>;
  readonly parserRegExpList?: readonly RegExp[];
}

/** What the log says about channel rules. */
export class RuleReport {
  readonly #log = new LineLogger('PusherChannelRules');
  /** Apps with an endpoint that only reads `request.user`, as long as no request has had one. */
  #withoutUser = new Set<string>();

  /**
   * Lists the rules, and warns of what has no effect.
   * @param adapter the HTTP adapter, `undefined` in an application without HTTP
   */
  started(setup: AuthSetup, adapter: HttpServer | undefined): void {
    const unguarded = setup.endpoints.filter(({ findsUser }) => !findsUser);
    this.#withoutUser = new Set(unguarded.map(({ app }) => app));
    for (const rule of [...setup.channels, ...setup.users])
      this.#log.debug(
        rule.app === undefined ? labelOf(rule) : `${labelOf(rule)}, for the app "${rule.app}"`,
      );
    // A worker or a script has nothing to mount endpoints on.
    if (!adapter) return;
    for (const warning of warningsOf(setup)) this.#log.warn(warning);
    if (setup.endpoints.length > 0 && lacksFormParser(adapter)) this.#log.error(NO_FORM_PARSER);
  }

  /** An app has let a user in, so it finds its users. */
  allowed(app: string): void {
    this.#withoutUser.delete(app);
  }

  /** Logs an ordinary refusal at debug level, and a fault of the application as an error. */
  refused(subject: string, app: string, error: unknown): void {
    const refusal = AuthorizationRefusal.by('the authorization failed', error);
    const { message, cause } = refusal;
    if (refusal instanceof NoUserRefusal && this.#withoutUser.delete(app))
      this.#log.warn(noUser(subject, app));
    if (cause === undefined) {
      this.#log.debug(`Refused ${subject}: ${message}.`);
      return;
    }
    const { message: why, stack } = safeCause(cause);
    this.#log.error(`Refused ${subject}: ${message}: ${why}`, stack);
  }
}

function noUser(subject: string, app: string): string {
  const endpoint = app === DEFAULT_APP ? '' : ` of the app ${quoted(app)}`;
  return `Refused ${subject}: nobody is logged in. PusherAuthController${endpoint} looked at request.user, which no guard or middleware has set. Add the guard that sets it, PusherAuthController({ decorators: [UseGuards(AuthGuard)] }), or return the user yourself, PusherAuthController({ user: (request) => request.session.user }). Further refusals of this kind are logged at debug level.`;
}

/**
 * Whether forms are read by a parser for all types (`*`) or by one for a pattern. Fastify has no method
 * that says so, so its own lists are read.
 */
function hasGeneralParser(fastify: Fastify): boolean {
  const key = Object.getOwnPropertySymbols(fastify).find(
    ({ description }) => description === 'fastify.contentTypeParser',
  );
  const parsers = key === undefined ? undefined : (Reflect.get(fastify, key) as FastifyParsers);
  return (
    parsers?.customParsers?.has('') === true ||
    parsers?.parserRegExpList?.some((pattern) => pattern.test(FORM)) === true
  );
}

/** Whether the application runs on Fastify and cannot read forms. On Express only a request can show it. */
function lacksFormParser(adapter: HttpServer): boolean {
  if (adapter.getType() !== 'fastify') return false;
  const fastify = adapter.getInstance() as Fastify;
  return fastify.hasContentTypeParser?.(FORM) === false && !hasGeneralParser(fastify);
}
