/** A response of the HTTP API. */
export interface ApiResponse {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
}

/** A request that is not carried out. Its message is sent as plain text with a newline, as the cloud does. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export function jsonResponse(value: unknown): ApiResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}

export function errorResponse({ status, message }: ApiError): ApiResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body: `${message}\n` };
}
