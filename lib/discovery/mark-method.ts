import { SetMetadata } from '@nestjs/common';

type Method = (...args: never[]) => unknown;

/**
 * Leaves a mark on a method for `MethodDiscovery` to find. A method can carry several marks under
 * one key; they keep the order in which they are written above it.
 */
export function markMethod(metadataKey: symbol | string, mark: unknown, method: object): void {
  // Nest's types know names as keys only.
  SetMetadata(metadataKey as string, [mark, ...marksOn(metadataKey, method)])(method as Method);
}

/** The marks that `markMethod` left, none included. */
export function marksOn(metadataKey: symbol | string, method: object): readonly unknown[] {
  const marks: unknown = Reflect.getMetadata(metadataKey, method);
  return Array.isArray(marks) ? marks : [];
}
