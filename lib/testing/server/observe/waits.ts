/** Those who wait for something to become true. Looked at after every change, so nobody polls. */
export class Waits {
  readonly #waiting = new Set<{ look: () => void; giveUp: (why: string) => void }>();

  /**
   * Resolves with the first value of `probe` that is not `undefined`.
   * @throws Error after `timeoutMs`, with what was waited for and `seen()`
   */
  until<T>(
    probe: () => T | undefined,
    what: string,
    timeoutMs: number,
    seen: () => string,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(wait);
      };
      const giveUp = (why: string) => {
        end();
        reject(new Error(`Waited for ${what}: ${why}. ${seen()}`));
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
      const wait = { look, giveUp };
      const timer = setTimeout(() => giveUp(`nothing within ${timeoutMs} ms`), timeoutMs);
      this.#waiting.add(wait);
      look();
    });
  }

  changed(): void {
    for (const { look } of this.#waiting) look();
  }

  stop(): void {
    for (const { giveUp } of this.#waiting) giveUp('the server was stopped');
  }
}
