import { Inject, Injectable } from '@nestjs/common';
import { sameBytes } from '../../crypto/digest.js';
import { SigningKey } from '../../crypto/signing-key.js';
import { PusherWebhookError } from '../../errors/pusher-webhook.error.js';
import { AppRegistry } from '../../options/app-registry.js';
import type { Credentials, PusherOptions } from '../../options/pusher-options.js';
import { Clock } from '../../runtime/clock.js';
import { malformed, parseWebhook } from './parse-webhook.js';
import { readClientData } from './read-client-data.js';
import { isJsonType, readHeader } from './headers.js';
import type { Webhook, WebhookRequest } from '../webhook.js';

/** The apps that webhooks may come from. */
export type WebhookApps = Pick<AppRegistry, 'all'>;

/** A token that the request may be signed with. */
interface Candidate {
  app: PusherOptions;
  token: Credentials;
}

/** HMAC-SHA256 in lower-case hex, as the protocol has it. */
const SIGNATURE = /^[0-9a-f]{64}$/;

/** The line that makes Nest keep raw bodies. */
const RAW_BODY_LINE = 'NestFactory.create(AppModule, { rawBody: true })';

/** Checks that a request is a webhook of one of the apps, and reads it. Knows nothing of HTTP servers. */
@Injectable()
export class WebhookReceiver {
  readonly #signingKeys = new WeakMap<Credentials, SigningKey>();

  constructor(
    @Inject(AppRegistry) private readonly apps: WebhookApps,
    private readonly clock: Clock,
  ) {}

  /** A receiver for one app alone. */
  static forApp(app: PusherOptions, clock: Clock): WebhookReceiver {
    const apps = [app];
    return new WebhookReceiver({ all: () => apps }, clock);
  }

  /**
   * Verifies the bytes, then parses them.
   * @param among names of the apps that are accepted; all of them when it is left out
   * @throws PusherWebhookError PUSHER_WEBHOOK_UNVERIFIED when key, signature or time are not right,
   *   PUSHER_WEBHOOK_MALFORMED when the content is not a webhook, PUSHER_WEBHOOK_NO_RAW_BODY when
   *   there is neither text nor bytes to verify
   */
  receive(request: WebhookRequest, among: { apps?: readonly string[] } = {}): Webhook {
    const { headers, rawBody } = Object(request) as WebhookRequest;
    const key = readHeader(headers, 'x-pusher-key');
    const candidates = key === undefined ? [] : this.#signedWith(key, among.apps);
    if (candidates.length === 0) throw unverified('has no X-Pusher-Key of an app accepted here');

    const signature = readHeader(headers, 'x-pusher-signature') ?? '';
    if (!SIGNATURE.test(signature))
      throw unverified('has no X-Pusher-Signature of 64 lower-case hex digits');

    const contentType = readHeader(headers, 'content-type');
    const bytes = checkRawBody(rawBody, contentType);
    const given = Buffer.from(signature, 'hex');
    const signer = candidates.find(({ token }) => sameBytes(this.#digest(token, bytes), given));
    if (signer === undefined) throw unverified('has a signature that does not fit its body');
    // Queues may have dropped the header; over HTTP a body without it is not even kept.
    if (contentType !== undefined && !isJsonType(contentType))
      throw malformed('is not application/json by its Content-Type');

    const { app, token } = signer;
    const content = parseWebhook(bytes, (channel, rawData) =>
      readClientData(channel, rawData, app.masterKey),
    );
    this.#checkAge(content.timeMs, app.webhooks.toleranceMs);
    return { ...content, app: app.name, key: token.key };
  }

  #signedWith(key: string, names: readonly string[] | undefined): Candidate[] {
    const found: Candidate[] = [];
    for (const app of this.apps.all()) {
      if (names !== undefined && !names.includes(app.name)) continue;
      if (app.credentials.key === key) found.push({ app, token: app.credentials });
      for (const token of app.previousCredentials)
        if (token.key === key) found.push({ app, token });
    }
    return found;
  }

  #digest(token: Credentials, bytes: Uint8Array | string): Uint8Array {
    let signingKey = this.#signingKeys.get(token);
    if (signingKey === undefined) {
      signingKey = new SigningKey(token.secret);
      this.#signingKeys.set(token, signingKey);
    }
    return signingKey.digest(bytes);
  }

  #checkAge(timeMs: number, toleranceMs: number | undefined): void {
    if (toleranceMs !== undefined && Math.abs(this.clock.now() - timeMs) > toleranceMs)
      throw unverified('was made at a time further from now than webhooks.toleranceMs allows');
  }
}

/** The fault completes the sentence "the request … ". */
function unverified(fault: string): PusherWebhookError {
  return new PusherWebhookError(
    'PUSHER_WEBHOOK_UNVERIFIED',
    `The request ${fault}, so it is not taken for a webhook. If it came from Pusher, check key, secret and clock of this application, and that nothing changes bodies on the way.`,
  );
}

function checkRawBody(rawBody: unknown, contentType: string | undefined): Uint8Array | string {
  if (typeof rawBody === 'string' || rawBody instanceof Uint8Array) return rawBody;
  // Nest keeps raw bodies of JSON only, and nothing else is a webhook.
  if (contentType === undefined || !isJsonType(contentType))
    throw unverified('is not application/json by its Content-Type');
  throw new PusherWebhookError(
    'PUSHER_WEBHOOK_NO_RAW_BODY',
    `The raw body of the webhook is not there, and a parsed one cannot be verified. Create the application with ${RAW_BODY_LINE}, and register no body parser before it.`,
  );
}
