import { describe, expect, it } from '@jest/globals';
import { undiciProblem } from '../../../../../lib/http/transport/fetch/undici-problem.js';

const refused = (): Promise<never> => Promise.reject(new Error('refused'));

describe('undiciProblem', () => {
  it('finds none in Node', async () => {
    expect(await undiciProblem()).toBeUndefined();
  });

  it('finds a module without the methods that send, as in Bun', async () => {
    const load = async (): Promise<unknown> => ({ Client: class {} });
    expect(await undiciProblem(load)).toBe(
      'the runtime replaces undici by a module that cannot send',
    );
  });

  it('finds a module that cannot be loaded', async () => {
    expect(await undiciProblem(refused)).toBe('undici cannot be loaded');
  });

  it('finds that WebAssembly is refused, as in workerd, before it loads undici', async () => {
    let isLoaded = false;
    const load = async (): Promise<void> => void (isLoaded = true);
    expect(await undiciProblem(load, refused)).toBe('the runtime does not compile WebAssembly');
    expect(isLoaded).toBe(false);
  });
});
