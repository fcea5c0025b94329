import type { HttpServer } from '@nestjs/common';

const FORM = 'application/x-www-form-urlencoded';

/** What is said when no body arrives although the client sent one. */
export const NO_BODY_PARSER =
  'PusherAuthController needs body parsers, and the application has none: leave `bodyParser` of NestFactory.create on, or add express.urlencoded() and express.json() before the application starts.';

/** What is said when Fastify answers 415 to the forms of pusher-js. */
export const NO_FORM_PARSER =
  'PusherAuthController needs a parser for application/x-www-form-urlencoded, which pusher-js sends, and Fastify has none: leave `bodyParser` of NestFactory.create on, or register @fastify/formbody before the application starts.';

/** The part of a Fastify instance that tells which bodies it can read. */
interface Fastify {
  hasContentTypeParser?(contentType: string): boolean;
}

/** The advice when the application runs on Fastify and cannot read forms. On Express only a request can tell. */
export function missingFormParser(adapter: HttpServer): string | undefined {
  if (adapter.getType() !== 'fastify') return undefined;
  const fastify = adapter.getInstance() as Fastify;
  return fastify.hasContentTypeParser?.(FORM) === false ? NO_FORM_PARSER : undefined;
}
