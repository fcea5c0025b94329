import { types } from 'node:util';

/** Bytes in any form that JavaScript has for them. */
export type Bytes = ArrayBufferLike | ArrayBufferView;

/** The bytes of the value, without copying them; `undefined` when it is not made of bytes. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  try {
    if (ArrayBuffer.isView(value))
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // Also those of another realm, such as the sandbox of a test runner.
    return types.isAnyArrayBuffer(value) ? new Uint8Array(value) : undefined;
  } catch {
    // Its bytes were transferred to another thread.
    return undefined;
  }
}
