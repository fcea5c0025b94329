/** The errors that the next requests fail with. */
export class PlannedFailures {
  #errors: Error[] = [];

  plan(error: Error, times: number): void {
    this.#errors.push(...Array.from({ length: times }, () => error));
  }

  clear(): void {
    this.#errors = [];
  }

  throwNext(): void {
    const error = this.#errors.shift();
    if (error !== undefined) throw error;
  }
}
