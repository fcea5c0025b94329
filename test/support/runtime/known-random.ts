import { RandomSource } from '../../../lib/runtime/random.js';

/** A random source that always returns the same number and the same bytes. */
export class KnownRandom extends RandomSource {
  constructor(
    private readonly nonce: Uint8Array = new Uint8Array(24),
    private readonly number = 0.5,
  ) {
    super();
  }

  float(): number {
    return this.number;
  }

  bytes(length: number): Uint8Array {
    return this.nonce.slice(0, length);
  }
}
