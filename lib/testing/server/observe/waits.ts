import { clearTimeout, setTimeout } from '../../../runtime/clock.js';

/** Those who wait for something to become true. They look again after every change, so nobody polls. */
export class Waits {
  readonly #waiting = new Set<{ look: () => void; stop: () => void }>();

  /**
   * Resolves with the first value of `probe` that is not `undefined`.
   * @throws Error after `timeoutMs`, with what was waited for and what `describe` returns
   */
  async until<T>(
    probe: () => T | undefined,
    what: string,
    timeoutMs: number,
    describe: () => string,
  ): Promise<T> {
    const outcome = await new Promise<{ found: T } | { failure: string }>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(wait);
      };
      const fail = (why: string) => {
        end();
        resolve({ failure: `${why}. ${describe()}` });
      };
      const look = () => {
        try {
          const found = probe();
          if (found === undefined) return;
          end();
          resolve({ found });
        } catch (error) {
          end();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const stop = () => fail(`The server was stopped while the test waited for ${what}`);
      const wait = { look, stop };
      const timer = setTimeout(
        () => fail(`Timed out after ${timeoutMs} ms waiting for ${what}`),
        timeoutMs,
      );
      this.#waiting.add(wait);
      look();
    });
    if ('found' in outcome) return outcome.found;
    // Thrown here and not by the timer, so that the stack has the line of the test that waits.
    throw new Error(outcome.failure);
  }

  changed(): void {
    for (const { look } of this.#waiting) look();
  }

  stop(): void {
    for (const { stop } of this.#waiting) stop();
  }
}
