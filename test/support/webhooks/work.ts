import type { WebhookDedupe } from '../../../lib/webhooks/dedupe/webhook-dedupe.js';

/** Work of a handler that a test holds until it ends it. */
export class HeldWork {
  /** How often it was started. */
  starts = 0;
  /** Resolves when it is started for the first time. */
  readonly started: Promise<void>;
  #onStart: () => void = () => undefined;
  #end: (isDone: boolean) => void = () => undefined;

  constructor() {
    this.started = new Promise((resolve) => {
      this.#onStart = resolve;
    });
  }

  readonly run = (): Promise<boolean> => {
    this.starts += 1;
    return new Promise((resolve) => {
      this.#end = resolve;
      this.#onStart();
    });
  };

  /** Ends it, when it has started. */
  async end(isDone: boolean): Promise<void> {
    await this.started;
    this.#end(isDone);
  }
}

/** Work that finishes at once. */
export const done = (): Promise<boolean> => Promise.resolve(true);

/** Work that fails at once. */
export const failed = (): Promise<boolean> => Promise.resolve(false);

/** Work that must not start. */
export const unwanted = (): never => {
  throw new Error('must not run');
};

/** Has the dedupe do work that consists of one event, and returns how that went. */
export async function once(
  dedupe: WebhookDedupe,
  key: string,
  handle: () => Promise<boolean>,
): Promise<'done' | 'failed' | 'elsewhere'> {
  const { unfinished, running } = await dedupe.run({ key, positions: [0], handle });
  if (running === 'elsewhere') return 'elsewhere';
  return unfinished.length > 0 ? 'failed' : 'done';
}
