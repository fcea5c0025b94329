import {
  BadRequestException,
  type CanActivate,
  type ExecutionContext,
  type HttpException,
  Injectable,
  InternalServerErrorException,
  Logger,
  type Type,
  UnauthorizedException,
} from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import { PusherWebhookError } from '../../errors/pusher-webhook.error.js';
import { type Bytes, bytesOf } from '../../protocol/bytes.js';
import { isJsonType, readHeader } from '../receive/headers.js';
import { WebhookReceiver } from '../receive/webhook-receiver.js';
import type { WebhookHeaders } from '../webhook.js';
import { isUnread, readStream } from './read-stream.js';
import { receiptOf } from './receipt.js';

/** The parts of a request that are read, on Express and on Fastify. */
export interface IncomingWebhook {
  /** As the HTTP server represents them. */
  readonly headers: WebhookHeaders;
  /** The body as it was received, where it was kept. */
  rawBody?: unknown;
  /** The body as the parsers of the application left it. */
  body?: unknown;
}

/** What a route accepts as a webhook. */
export interface PusherWebhookOptions {
  /** Names of the apps that are accepted. @default all registered apps */
  apps?: readonly string[] | undefined;
  /** A guard of the application that extends `PusherWebhookGuard`. @default PusherWebhookGuard */
  guard?: Type<PusherWebhookGuard> | undefined;
}

/** Key of the metadata that `@PusherWebhook()` leaves on a method for the guard. */
const OPTIONS = Symbol.for('nestjs-pusher-channels:webhook-options');

/** The options of the decorated method, `undefined` when it is not decorated. */
export function webhookOptionsOf(method: object): PusherWebhookOptions | undefined {
  return Reflect.getMetadata(OPTIONS, method) as PusherWebhookOptions | undefined;
}

/** Sets the options of the method. */
export function setWebhookOptions(method: object, options: PusherWebhookOptions): void {
  Reflect.defineMetadata(OPTIONS, options, method);
}

const REFUSALS = {
  PUSHER_WEBHOOK_UNVERIFIED: [401, UnauthorizedException],
  PUSHER_WEBHOOK_MALFORMED: [400, BadRequestException],
  PUSHER_WEBHOOK_NO_RAW_BODY: [500, InternalServerErrorException],
} as const;

/**
 * Lets verified webhooks through, and no other request. `@PusherWebhook()` binds it. To change how it
 * works, extend it and name the new class: `@PusherWebhook({ guard: MyWebhookGuard })`.
 */
@Injectable()
export class PusherWebhookGuard implements CanActivate {
  /** Logs refused requests. */
  protected readonly logger: Logger = new LineLogger('PusherWebhook');

  constructor(
    /** Verifies the request. */
    protected readonly receiver: WebhookReceiver,
  ) {}

  /**
   * Verifies the request, and leaves the webhook on it for `@PusherWebhook()`.
   * @throws the exception that `refusal` returns
   */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<IncomingWebhook>();
    const receipt = receiptOf(request);
    receipt.isReceived = true;
    const { keptBody } = receipt;
    if (keptBody !== undefined) request.rawBody = keptBody;
    const rawBody = await this.rawBodyOf(request);
    const apps = await this.appsOf(context);
    try {
      const { headers } = request;
      const { webhook, json } = this.receiver.receiveJson({ headers, rawBody }, apps && { apps });
      receipt.webhook = webhook;
      if (keptBody !== undefined) request.body = bodyLike(request.body, keptBody, json);
    } catch (error) {
      throw error instanceof PusherWebhookError ? this.refusal(error) : error;
    }
    return true;
  }

  /**
   * The body as it was received, `undefined` where the application did not keep it.
   * @default `rawBody`, else `body` where it is a string or bytes, as `express.raw()` leaves it, else
   *   what is read from the request, where no parser has read it
   */
  protected rawBodyOf(
    request: IncomingWebhook,
  ): Bytes | string | undefined | Promise<Bytes | string | undefined> {
    const { rawBody, headers } = request;
    if (isRaw(rawBody)) return rawBody;
    const { body } = request;
    if (isRaw(body)) return body;
    if (!announcesBody(headers)) return '';
    const type = readHeader(headers, 'content-type');
    return type !== undefined && isJsonType(type) && isUnread(request)
      ? readStream(request, this.receiver.clock)
      : undefined;
  }

  /**
   * Names of the apps that are accepted, `undefined` for all of them.
   * @default the `apps` of the decorator
   */
  protected appsOf(
    context: ExecutionContext,
  ): readonly string[] | undefined | Promise<readonly string[] | undefined> {
    return webhookOptionsOf(context.getHandler())?.apps;
  }

  /**
   * The exception for a request that is refused.
   * @default 401 when it cannot be verified, 400 when it is not a valid webhook, 500 (and an error in
   *   the log) when the application keeps no raw bodies
   */
  protected refusal(error: PusherWebhookError): HttpException {
    const { code, message } = error;
    if (code === 'PUSHER_WEBHOOK_NO_RAW_BODY') this.logger.error(message);
    else this.logger.debug(message);
    const [statusCode, Exception] = REFUSALS[code];
    return new Exception({ statusCode, code, message }, { cause: error });
  }
}

/** The kept body, in the form in which the parser of the application leaves bodies. */
function bodyLike(parsed: unknown, kept: Buffer, json: unknown): unknown {
  if (typeof parsed === 'string') return kept.toString();
  if (bytesOf(parsed) !== undefined) return kept;
  // Fastify would have refused it.
  return MAY_POISON.test(kept.toString('latin1')) ? parsed : json;
}

/** The keys can be written as they are, or with any of their characters escaped. */
const MAY_POISON = /__proto__|constructor|\\u00/;

function isRaw(body: unknown): body is Bytes | string {
  return typeof body === 'string' || bytesOf(body) !== undefined;
}

/** Where no body was announced, parsers leave nothing behind, and the raw body is empty. */
function announcesBody(headers: IncomingWebhook['headers']): boolean {
  return (
    readHeader(headers, 'content-length') !== undefined ||
    readHeader(headers, 'transfer-encoding') !== undefined
  );
}
