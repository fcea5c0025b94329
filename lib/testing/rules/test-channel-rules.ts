import type { INestApplicationContext } from '@nestjs/common';
import { ChannelAuthRequest } from '../../auth/rules/auth-request.js';
import type { ChannelAuthorization } from '../../auth/signing/channel-authorizer.js';
import { ChannelRules } from '../../auth/rules/channel-rules.js';
import { AuthorizationRefusal } from '../../auth/rules/app-rules.js';
import { DEFAULT_APP } from '../../options/pusher-options.js';
import {
  argumentShape,
  checkName,
  invalidArgument,
  isRecord,
  readArgument,
  whatWasGiven,
} from '../../protocol/arguments.js';
import { checkSocketId } from '../../protocol/names.js';
import { PusherAssertionError } from '../assertion-error.js';
import { hostileNames } from './hostile-names.js';

/** What the rules receive besides user and channel. */
export interface TestChannelRulesOptions {
  /** Name of the app. @default the one without a name */
  app?: string | undefined;
  /** Id of the connection. @default '1.1' */
  socketId?: string | undefined;
  /** Additional fields of the client. @default none */
  params?: Readonly<Record<string, unknown>> | undefined;
  /** Headers of the request, names in lower case. @default none */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Which rules are not tried with hostile values. */
export interface HostileNamesOptions {
  /** Patterns of rules that are open to every name of their form. */
  openPatterns?: readonly string[] | undefined;
}

/** Applies the rules of an application as its auth controller does, without HTTP. */
export interface TestedChannelRules {
  /** Resolves with what the client would receive. @throws PusherAssertionError that says why it was refused */
  readonly expectAllowed: (user: unknown, channel: string) => Promise<ChannelAuthorization>;
  /**
   * Resolves when the client would be refused. @throws PusherAssertionError when it was allowed, or
   * refused only because a rule threw
   */
  readonly expectDenied: (user: unknown, channel: string) => Promise<void>;
  /**
   * Tries every rule with names that are malformed, of another kind, or have values such as
   * `__proto__` and `NaN` for parameters. Resolves with the names that were tried.
   * @throws PusherAssertionError that lists the names that were allowed
   */
  readonly expectHostileNamesDenied: (
    user: unknown,
    options?: HostileNamesOptions,
  ) => Promise<string[]>;
}

const OPTIONS = argumentShape('option', "{ app: 'eu' }", ['app', 'socketId', 'params', 'headers'], {
  name: 'app',
});

const HOSTILE_OPTIONS = argumentShape(
  'option',
  "{ openPatterns: ['private-news.{topic}'] }",
  ['openPatterns'],
  { open: 'openPatterns', patterns: 'openPatterns', except: 'openPatterns' },
);

/**
 * Tests the channel rules of an application or a testing module, which must be initialized.
 * @throws Error when it has no rules
 * @throws PusherValidationError when an argument is not valid
 *
 * ```ts
 * const { expectAllowed, expectDenied } = testChannelRules(app);
 * await expectAllowed(ada, 'private-orders.1');
 * await expectDenied(bob, 'private-orders.1');
 * ```
 */
export function testChannelRules(
  app: INestApplicationContext,
  options: TestChannelRulesOptions = {},
): TestedChannelRules {
  const {
    app: name = DEFAULT_APP,
    socketId = '1.1',
    params = {},
    headers = {},
  } = readArgument(options, 'options', OPTIONS);
  if (typeof app?.get !== 'function')
    throw invalidArgument(
      'app',
      `must be an initialized application or testing module; ${whatWasGiven(app)}`,
    );
  checkName(name, 'options.app', 'the name of an app');
  checkSocketId(socketId, 'options.socketId');
  for (const [option, value] of Object.entries({ params, headers }))
    if (!isRecord(value))
      throw invalidArgument(`options.${option}`, `must be an object; ${whatWasGiven(value)}`);
  const rules = app.get(ChannelRules, { strict: false });
  // Without rules everything is denied, and a test of that would prove nothing.
  if (patternsFor(rules, name).length === 0)
    throw new Error(
      `There are no channel rules for the app "${name}". Add a class with @AuthorizeChannel to the providers, and initialize the application first: await app.init().`,
    );

  /** The authorization, or why it was refused. */
  const authorize = async (
    user: unknown,
    channel: string,
  ): Promise<ChannelAuthorization | AuthorizationRefusal> => {
    const parts = { socketId, app: name, params, headers, raw: { headers, user } };
    try {
      return await rules.of(name).authorize(new ChannelAuthRequest(parts, channel), () => user);
    } catch (error) {
      return AuthorizationRefusal.by('the authorization failed', error);
    }
  };

  return {
    async expectAllowed(user, channel) {
      const result = await authorize(user, channel);
      if (!(result instanceof AuthorizationRefusal)) return result;
      throw failure(
        `"${channel}" was refused: ${reasonOf(result)}. The rules are for ${patternsFor(rules, name).join(', ')}.`,
        result,
      );
    },

    async expectDenied(user, channel) {
      const result = await authorize(user, channel);
      if (!(result instanceof AuthorizationRefusal)) throw failure(`"${channel}" was allowed.`);
      if (result.cause !== undefined)
        throw failure(
          `"${channel}" was refused, but only because a rule threw: ${reasonOf(result)}.`,
          result,
        );
    },

    async expectHostileNamesDenied(user, hostile) {
      const { openPatterns = [] } = readArgument(hostile, 'options', HOSTILE_OPTIONS);
      if (!Array.isArray(openPatterns))
        throw invalidArgument(
          'openPatterns',
          `must be a list of patterns, such as ['private-news.{topic}']; ${whatWasGiven(openPatterns)}`,
        );
      const names = hostileNames(patternsFor(rules, name), openPatterns);
      const allowed: string[] = [];
      for (const channel of names)
        if (!((await authorize(user, channel)) instanceof AuthorizationRefusal))
          allowed.push(channel);
      if (allowed.length === 0) return names;
      throw failure(
        `Hostile names were allowed: ${allowed.map((channel) => JSON.stringify(channel)).join(', ')}. Compare parameters with what the user owns, or list rules that are open to every name in openPatterns.`,
      );
    },
  };
}

function patternsFor(rules: ChannelRules, app: string): string[] {
  return rules
    .list()
    .filter((rule) => rule.app === undefined || rule.app === app)
    .map(({ pattern }) => pattern);
}

function reasonOf({ message, cause }: AuthorizationRefusal): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function failure(message: string, { cause }: { cause?: unknown } = {}): PusherAssertionError {
  return new PusherAssertionError(message, cause === undefined ? undefined : { cause });
}
