import { randomFillSync } from 'node:crypto';

/** Source of random numbers and bytes. Tests replace it, so that back-off and nonces are known. */
export abstract class RandomSource {
  /** A number from 0 up to, but not including, 1. For spreading load, never for secrets. */
  abstract float(): number;

  /** Bytes fit for cryptography. */
  abstract bytes(length: number): Uint8Array;
}

/** Randomness from this machine: `Math.random` for load, the system's generator for bytes. */
export class SystemRandomSource extends RandomSource {
  float(): number {
    return Math.random();
  }

  bytes(length: number): Uint8Array {
    return randomFillSync(new Uint8Array(length));
  }
}
