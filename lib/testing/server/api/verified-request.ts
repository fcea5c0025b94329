import { type Fields, fieldsOf, hasFields } from '../../../protocol/json.js';
import type { App } from '../app.js';
import { ApiError } from './response.js';

/** A request whose app, signature and route are known. */
export interface VerifiedRequest {
  app: App;
  /** The variable parts of the path, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Buffer;
}

/** The JSON object in the body. @throws ApiError when there is none */
export function jsonObjectIn({ body }: VerifiedRequest): Fields {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new ApiError(400, 'The request body is not valid JSON');
  }
  if (!hasFields(value)) throw new ApiError(400, 'The request body is not a JSON object');
  return fieldsOf(value);
}
