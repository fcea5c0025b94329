import { Chance } from '../../lib/runtime/chance.js';

/** Chance that is known: always the same number and the same bytes. */
export class KnownChance extends Chance {
  constructor(
    private readonly nonce: Uint8Array = new Uint8Array(24),
    private readonly number = 0.5,
  ) {
    super();
  }

  unit(): number {
    return this.number;
  }

  bytes(length: number): Uint8Array {
    return this.nonce.slice(0, length);
  }
}
