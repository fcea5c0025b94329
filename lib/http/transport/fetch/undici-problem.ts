/** The smallest WebAssembly module: magic number and version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/**
 * Why undici cannot send requests in this runtime; `undefined` when it can. Bun has a shim in its
 * place, and Cloudflare's workerd does not compile the WebAssembly in which undici parses responses.
 */
export async function undiciProblem(
  load: () => Promise<unknown> = () => import('undici'),
  compile: (bytes: Uint8Array<ArrayBuffer>) => Promise<unknown> = compileWebAssembly,
): Promise<string | undefined> {
  try {
    await compile(EMPTY_MODULE);
  } catch {
    return 'the runtime does not compile WebAssembly';
  }
  try {
    const { Client } = (await load()) as { Client?: { prototype?: Record<string, unknown> } };
    const isComplete = ['dispatch', 'destroy'].every(
      (name) => typeof Client?.prototype?.[name] === 'function',
    );
    return isComplete ? undefined : 'the runtime replaces undici by a module that cannot send';
  } catch {
    return 'undici cannot be loaded';
  }
}

async function compileWebAssembly(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { compile(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> };
  };
  return WebAssembly.compile(bytes);
}
