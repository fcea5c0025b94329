import { type Fields, fieldsOf, hasFields } from '../../../protocol/wire.js';
import type { App } from '../app.js';
import { Refusal } from './answer.js';

/** A request whose app, signature and route are known. */
export interface ApiRequest {
  app: App;
  /** The variable parts of the path, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Buffer;
}

/** The JSON object in the body. @throws Refusal when there is none */
export function bodyFields({ body }: ApiRequest): Fields {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new Refusal(400, 'The request body is not valid JSON');
  }
  if (!hasFields(value)) throw new Refusal(400, 'The request body is not a JSON object');
  return fieldsOf(value);
}
