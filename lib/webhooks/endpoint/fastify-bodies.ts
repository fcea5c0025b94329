import { Readable } from 'node:stream';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { markMethod, MethodDiscovery } from '../../discovery/method-discovery.js';
import { LineLogger } from '../../errors/line-logger.js';
import { Clock } from '../../runtime/clock.js';
import { isJsonType } from '../receive/headers.js';
import { readStream } from './read-stream.js';
import { receiptOf } from './receipt.js';

/** What marks the routes whose bodies are kept, for the hook and for the start. */
const ROUTE = Symbol.for('nestjs-pusher-channels:webhook-route');
/** Where `@RouteConfig()` of `@nestjs/platform-fastify` keeps the `config` of a route. */
const ROUTE_CONFIG = '__fastify_route_config__';

/** What the log says when a body cannot be kept before Fastify parses it. */
export const FASTIFY_REFUSES_KEYS =
  "Fastify refuses webhooks in which a client has sent a key such as __proto__, with all their events. Create the application with new FastifyAdapter({ onProtoPoisoning: 'remove', onConstructorPoisoning: 'remove' }) and { rawBody: true }.";

/** The part of a request of Fastify that is used. */
interface FastifyRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly routeOptions?: { readonly config?: object; readonly bodyLimit?: number };
}

/** The body on its way to the parser, with the bytes that were received if it was compressed. */
type Payload = Readable & { receivedEncodedLength?: number };

/** The part of a Fastify instance that is used. */
interface Fastify {
  readonly initialConfig?: Readonly<Record<string, unknown>>;
  addHook(
    name: 'preParsing',
    hook: (
      request: FastifyRequest,
      reply: unknown,
      payload: Payload,
      done: (error: Error | null, payload?: Payload) => void,
    ) => void,
  ): unknown;
}

/** Marks a route whose body is kept as it was received, also when Fastify parses it. */
export function keepBody(method: object): void {
  const config = Reflect.getMetadata(ROUTE_CONFIG, method) as object | undefined;
  Reflect.defineMetadata(ROUTE_CONFIG, { ...config, [ROUTE]: true }, method);
  markMethod(ROUTE, method, method);
}

/**
 * On Fastify, keeps the bodies of webhooks as they were received, whatever the options of the
 * application. Its parser keeps none by default, and refuses JSON with keys such as
 * `__proto__`, which any client can put into an event.
 */
@Injectable()
export class FastifyBodies implements OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly methods: MethodDiscovery,
    private readonly clock: Clock,
  ) {}

  /** Adds a hook to Fastify, which has its routes by now and does not listen yet; Nest calls it. */
  onApplicationBootstrap(): void {
    const adapter = this.host.httpAdapter;
    if (adapter?.getType() !== 'fastify') return;
    const routes = this.methods.markedWith<object>(ROUTE);
    if (routes.length === 0) return;
    const fastify: Fastify = adapter.getInstance();
    const areMarked = routes.every(({ mark }) => isMarked(Reflect.getMetadata(ROUTE_CONFIG, mark)));
    if (!(addHook(fastify, this.clock) && areMarked) && refusesKeys(fastify))
      new LineLogger('PusherWebhook').warn(FASTIFY_REFUSES_KEYS);
  }
}

/** Whether it could be added: not when the instance was started before the application. */
function addHook(fastify: Fastify, clock: Clock): boolean {
  try {
    // With a callback, so that the hook costs the other routes of the application no promise.
    fastify.addHook('preParsing', (request, _reply, payload, done) => {
      if (!(isMarked(request.routeOptions?.config) && isJson(request.headers))) done(null, payload);
      else
        keep(request, payload, clock).then(
          (left) => done(null, left),
          (error: Error) => done(error),
        );
    });
    return true;
  } catch {
    return false;
  }
}

function isMarked(config: unknown): boolean {
  return typeof config === 'object' && config !== null && ROUTE in config;
}

function isJson(headers: FastifyRequest['headers']): boolean {
  const type = headers['content-type'];
  return typeof type === 'string' && isJsonType(type);
}

function refusesKeys({ initialConfig = {} }: Fastify): boolean {
  const { onProtoPoisoning = 'error', onConstructorPoisoning = 'error' } = initialConfig;
  return onProtoPoisoning === 'error' || onConstructorPoisoning === 'error';
}

/**
 * Reads the body and leaves it on the request for the guard, which sets what the parser of Fastify
 * would have set: a body is parsed once, and only when its signature is right. Returns what the parser
 * is to read in its place.
 */
async function keep(request: FastifyRequest, payload: Payload, clock: Clock): Promise<Payload> {
  const limit = request.routeOptions?.bodyLimit;
  // Left to Fastify, which refuses it.
  if (limit !== undefined && Number(request.headers['content-length']) > limit) return payload;
  const body = await readStream(payload, clock, limit);
  receiptOf(request).keptBody = body;
  const receivedEncodedLength = payload.receivedEncodedLength ?? body.length;
  return Object.assign(streamOf(NOTHING), { receivedEncodedLength });
}

const NOTHING = Buffer.from('{}');

/** Like `Readable.from([bytes])`, without the iterator, which costs as much as reading the body. */
function streamOf(bytes: Buffer): Readable {
  const stream = new Readable({ read: () => undefined });
  stream.push(bytes);
  stream.push(null);
  return stream;
}
