import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How many of the objects something still holds on to. */
export async function keptAlive(refs: readonly WeakRef<object>[]): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What a turn has touched lives until its end.
  await turn();
  collect();
  return refs.filter((ref) => ref.deref() !== undefined).length;
}
