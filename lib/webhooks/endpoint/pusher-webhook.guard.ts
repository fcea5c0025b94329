import {
  BadRequestException,
  type CanActivate,
  type ExecutionContext,
  type HttpException,
  Injectable,
  InternalServerErrorException,
  Logger,
  UnauthorizedException,
} from '@nestjs/common';
import { PusherWebhookError } from '../../errors/pusher-webhook.error.js';
import { type IncomingWebhook, WEBHOOK } from './incoming-webhook.js';
import { webhookOptionsOf } from './pusher-webhook-options.js';
import { readHeader } from '../receive/headers.js';
import { WebhookReceiver } from '../receive/webhook-receiver.js';

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
  /** Where refusals are told. */
  protected readonly logger = new Logger('PusherWebhook');

  constructor(
    /** What verifies. */
    protected readonly receiver: WebhookReceiver,
  ) {}

  /** Verifies the request, and leaves the webhook on it for `@PusherWebhook()`. @throws what `refusal` gives */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<IncomingWebhook>();
    const rawBody = await this.rawBodyOf(request);
    const apps = await this.appsOf(context);
    try {
      request[WEBHOOK] = this.receiver.receive(
        { headers: request.headers, rawBody },
        apps && { apps },
      );
    } catch (error) {
      throw error instanceof PusherWebhookError ? this.refusal(error) : error;
    }
    return true;
  }

  /**
   * The body as it came over the wire, or none where the application did not keep it.
   * @default `rawBody`, else `body` where it is text or bytes, as `express.raw()` leaves it
   */
  protected rawBodyOf(
    request: IncomingWebhook,
  ): Uint8Array | string | undefined | Promise<Uint8Array | string | undefined> {
    const { rawBody, body, headers } = request;
    if (isRaw(rawBody)) return rawBody;
    if (isRaw(body)) return body;
    return announcesBody(headers) ? undefined : '';
  }

  /**
   * Names of the apps that are accepted, none for all of them.
   * @default the `apps` of the decorator
   */
  protected appsOf(
    context: ExecutionContext,
  ): readonly string[] | undefined | Promise<readonly string[] | undefined> {
    return webhookOptionsOf(context.getHandler()).apps;
  }

  /**
   * What is thrown for a request that is refused.
   * @default 401 when it cannot be verified, 400 when it is no webhook, 500 (and an error in the log)
   *   when the application keeps no raw bodies
   */
  protected refusal(error: PusherWebhookError): HttpException {
    const { code, message } = error;
    if (code === 'PUSHER_WEBHOOK_NO_RAW_BODY') this.logger.error(message);
    else this.logger.debug(message);
    const [statusCode, Exception] = REFUSALS[code];
    return new Exception({ statusCode, code, message }, { cause: error });
  }
}

function isRaw(body: unknown): body is Uint8Array | string {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** Where no body was announced, parsers leave nothing behind, and the raw body is empty. */
function announcesBody(headers: IncomingWebhook['headers']): boolean {
  return (
    readHeader(headers, 'content-length') !== undefined ||
    readHeader(headers, 'transfer-encoding') !== undefined
  );
}
