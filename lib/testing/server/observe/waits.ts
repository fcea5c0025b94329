import { clearTimeout, setTimeout } from '../../../runtime/timers.js';

/** Those who wait for something to become true. They look again after every change, so nobody polls. */
export class Waits {
  readonly #waiting = new Set<{ look: () => void; stop: () => void }>();

  /**
   * Resolves with the first value of `probe` that is not `undefined`.
   * @throws Error after `timeoutMs`, with what was waited for and what `describe` returns
   */
  until<T>(
    probe: () => T | undefined,
    what: string,
    timeoutMs: number,
    describe: () => string,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(wait);
      };
      const fail = (why: string) => {
        end();
        reject(new Error(`${why}. ${describe()}`));
      };
      const look = () => {
        try {
          const found = probe();
          if (found === undefined) return;
          end();
          resolve(found);
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
  }

  changed(): void {
    for (const { look } of this.#waiting) look();
  }

  stop(): void {
    for (const { stop } of this.#waiting) stop();
  }
}
