import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How many of the objects are still referenced after garbage collection. */
export async function keptAlive(refs: readonly WeakRef<object>[]): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // A dereferenced WeakRef keeps its target alive until the end of the event loop's turn.
  await turn();
  collect();
  return refs.filter((ref) => ref.deref() !== undefined).length;
}
