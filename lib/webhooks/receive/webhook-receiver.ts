import { Inject, Injectable } from '@nestjs/common';
import { SigningKey } from '../../crypto/signing-key.js';
import { LineLogger } from '../../errors/line-logger.js';
import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import { PusherWebhookError } from '../../errors/pusher-webhook.error.js';
import { AppRegistry } from '../../options/app-registry.js';
import type { Credentials, PusherOptions } from '../../options/pusher-options.js';
import {
  argumentShape,
  checkArgument,
  isRecord,
  optional,
  whatWasGiven,
} from '../../protocol/arguments.js';
import { bytesOf } from '../../protocol/bytes.js';
import { fieldsOf } from '../../protocol/json.js';
import { quoted } from '../../protocol/names.js';
import { Clock } from '../../runtime/clock.js';
import { WarningLimiter } from '../../runtime/warning-limiter.js';
import type { Webhook, WebhookRequest } from '../webhook.js';
import type { ClientEventMisfit } from './check-client-event.js';
import { isJsonType, readHeader } from './headers.js';
import { malformed, parseWebhook, type WebhookContent } from './parse-webhook.js';
import { decodeSignature, verifySignature } from './verify-signature.js';
import { identify } from './webhook-id.js';

/** The apps that webhooks may come from. */
export type WebhookApps = Pick<AppRegistry, 'all'>;

/** Credentials that the request may be signed with. */
interface Candidate {
  readonly app: PusherOptions;
  readonly credentials: Credentials;
  readonly signingKey: SigningKey;
}

/** The line that makes Nest keep raw bodies. */
const RAW_BODY_LINE = 'NestFactory.create(AppModule, { rawBody: true })';

const AMONG = argumentShape('option', "{ apps: ['eu'] }", ['apps'], { app: 'apps' });

/** What limits the apps that are accepted. */
interface AmongApps {
  readonly apps?: readonly string[] | undefined;
}

function appsIn(among: AmongApps): readonly string[] | undefined {
  checkArgument(among, 'among', AMONG);
  const apps: unknown = optional(among.apps);
  if (apps === undefined || Array.isArray(apps)) return among.apps ?? undefined;
  throw new PusherValidationError(
    'apps',
    `\`apps\` must be a list of names of apps; ${whatWasGiven(apps)}.`,
  );
}

/** Checks that a request is a webhook of one of the apps, and reads it. Knows nothing of HTTP servers. */
@Injectable()
export class WebhookReceiver {
  readonly #logger = new LineLogger('PusherWebhook');
  readonly #signingKeys = new WeakMap<Credentials, SigningKey>();
  readonly #wrongSignatures: WarningLimiter;
  readonly #malformed: WarningLimiter;
  readonly #misfits: WarningLimiter;

  constructor(
    @Inject(AppRegistry) private readonly apps: WebhookApps,
    /** Where the time comes from. @internal */
    readonly clock: Clock,
  ) {
    this.#wrongSignatures = new WarningLimiter(clock);
    this.#malformed = new WarningLimiter(clock);
    this.#misfits = new WarningLimiter(clock);
  }

  /** A receiver for one app alone. @internal */
  static forApp(app: PusherOptions, clock: Clock): WebhookReceiver {
    const apps = [app];
    return new WebhookReceiver({ all: () => apps }, clock);
  }

  /**
   * Verifies the bytes, then parses them.
   * @param among names of the apps that are accepted; all apps when it is left out
   * @throws PusherWebhookError PUSHER_WEBHOOK_UNVERIFIED when the key, signature or time is wrong,
   *   PUSHER_WEBHOOK_MALFORMED when the content is not a webhook, PUSHER_WEBHOOK_NO_RAW_BODY when
   *   there is neither a string nor bytes to verify
   * @throws PusherValidationError when `among` is not valid: all apps would be accepted
   */
  receive(request: WebhookRequest, among?: AmongApps): Webhook {
    return this.receiveJson(request, among).webhook;
  }

  /** Like `receive`, with the JSON that the webhook was read from. @internal */
  receiveJson(request: WebhookRequest, among?: AmongApps): { webhook: Webhook; json: unknown } {
    const apps = among && appsIn(among);
    const { headers, rawBody } = Object(request) as WebhookRequest;
    const key = readHeader(headers, 'x-pusher-key');
    const candidates = key === undefined ? [] : this.#candidatesFor(key, apps);
    if (candidates.length === 0)
      throw unverified('has no X-Pusher-Key header with the key of an accepted app');

    const header = readHeader(headers, 'x-pusher-signature');
    const signature = decodeSignature(header ?? '');
    if (signature === undefined) {
      if (header !== undefined) this.#warnOfSignature(candidates);
      throw unverified('has no X-Pusher-Signature header of 64 lower-case hex digits');
    }

    const contentType = readHeader(headers, 'content-type');
    const bytes = checkRawBody(rawBody, contentType);
    const signer = verifySignature(bytes, signature, candidates);
    if (signer === undefined) {
      this.#warnOfSignature(candidates);
      throw unverified('has a signature that does not match its body');
    }
    const { app, credentials } = signer;
    const { webhook: content, misfits, json } = this.#read(bytes, app, contentType);
    const { timeMs, time, events, unknownEvents } = content;
    this.#checkAge(timeMs, app.webhooks.toleranceMs);
    for (const misfit of misfits) this.#warnOfMisfit(app, misfit);
    const webhook = { timeMs, time, events, unknownEvents, app: app.name, key: credentials.key };
    if (app.webhooks.dedupe) identify(webhook, { app, headers }, bytes);
    return { webhook, json };
  }

  /** Whoever sent this knows the secret, so the events in it are lost, and the sender does not say so. */
  #read(bytes: Uint8Array | string, app: PusherOptions, type: string | undefined): WebhookContent {
    try {
      // Queues may have dropped the header; over HTTP a body without it is not even kept.
      if (type !== undefined && !isJsonType(type))
        throw malformed('has a Content-Type other than application/json');
      return parseWebhook(bytes, app);
    } catch (error) {
      const count = this.#malformed.next(app.name);
      if (count > 0)
        this.#logger.warn(
          `Refused ${webhooks(count)} of the app ${quoted(app.name)}. ${(error as Error).message}`,
        );
      throw error;
    }
  }

  #candidatesFor(key: string, names: readonly string[] | undefined): Candidate[] {
    const candidates: Candidate[] = [];
    for (const app of this.apps.all()) {
      if (names !== undefined && !names.includes(app.name)) continue;
      for (const credentials of [app.credentials, ...app.previousCredentials])
        if (credentials.key === key)
          candidates.push({ app, credentials, signingKey: this.#signingKeyOf(credentials) });
    }
    return candidates;
  }

  #signingKeyOf(credentials: Credentials): SigningKey {
    let signingKey = this.#signingKeys.get(credentials);
    if (signingKey === undefined) {
      signingKey = new SigningKey(credentials.secret);
      this.#signingKeys.set(credentials, signingKey);
    }
    return signingKey;
  }

  /** The key is right, so the request is probably a webhook that this application should accept. */
  #warnOfSignature([candidate]: readonly Candidate[]): void {
    if (candidate === undefined) return;
    const { app, credentials } = candidate;
    const count = this.#wrongSignatures.next(credentials.key);
    if (count === 0) return;
    this.#logger.warn(
      `Refused ${webhooks(count)} with the key ${quoted(credentials.key)} of the app ${quoted(app.name)} and a wrong signature. Check the secret that belongs to this key, and that nothing changes the body on the way.`,
    );
  }

  /** Clients choose the names that are not declared, so all of those are one subject. */
  #warnOfMisfit(app: PusherOptions, { declared = '', message }: ClientEventMisfit): void {
    const count = this.#misfits.next(`${app.name}\n${declared}`);
    if (count === 0) return;
    this.#logger.warn(
      `${message} It is in unknownEvents of the webhook, and is handled by '*' handlers only.${count === 1 ? '' : ` There were ${count} such events since the last warning.`}`,
    );
  }

  #checkAge(timeMs: number, toleranceMs: number | undefined): void {
    if (toleranceMs !== undefined && Math.abs(this.clock.now() - timeMs) > toleranceMs)
      throw unverified('has a time that differs from now by more than webhooks.toleranceMs');
  }
}

function webhooks(count: number): string {
  return count === 1 ? 'a webhook' : `${count} webhooks since the last warning`;
}

/** The fault completes the sentence "the request … ". */
function unverified(fault: string): PusherWebhookError {
  return new PusherWebhookError(
    'PUSHER_WEBHOOK_UNVERIFIED',
    `The request ${fault}, so it is not accepted as a webhook. If it came from Pusher, check the key, the secret and the clock of this application, and that nothing changes the body on the way.`,
  );
}

function checkRawBody(rawBody: unknown, contentType: string | undefined): Uint8Array | string {
  const bytes = typeof rawBody === 'string' ? rawBody : (bytesOf(rawBody) ?? bytesInJson(rawBody));
  if (bytes !== undefined) return bytes;
  const isMissing = rawBody === undefined || rawBody === null;
  // Nest keeps raw bodies of JSON only, and nothing else is a webhook.
  if (contentType === undefined ? isMissing : !isJsonType(contentType))
    throw unverified('does not have the Content-Type application/json');
  if (!isMissing && !isRecord(rawBody))
    throw new PusherWebhookError(
      'PUSHER_WEBHOOK_NO_RAW_BODY',
      `The raw body of a webhook must be the string or the bytes that were received; ${whatWasGiven(rawBody)}. Pass what await request.arrayBuffer() or await request.text() returns.`,
    );
  throw new PusherWebhookError(
    'PUSHER_WEBHOOK_NO_RAW_BODY',
    `The raw body of the webhook is missing, and a parsed body cannot be verified. Create the application with ${RAW_BODY_LINE}, and do not register another body parser before Nest's.`,
  );
}

/** A `Buffer` that was in a queue, whose jobs are JSON. */
function bytesInJson(value: unknown): Uint8Array | undefined {
  const { type, data } = fieldsOf(value);
  return type === 'Buffer' && Array.isArray(data) ? Uint8Array.from(data as number[]) : undefined;
}
