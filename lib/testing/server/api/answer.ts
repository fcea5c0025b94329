/** What the HTTP API answers. */
export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
}

/** A request that is not carried out. Its text is sent as plain text with a newline, as the cloud does. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export function jsonAnswer(value: unknown): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}

export function refusalAnswer({ status, message }: Refusal): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body: `${message}\n` };
}
