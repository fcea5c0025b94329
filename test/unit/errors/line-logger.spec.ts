import { Logger, type LoggerService } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LineLogger } from '../../../lib/errors/line-logger.js';

describe('LineLogger', () => {
  afterEach(() => void jest.restoreAllMocks());

  it.each(['debug', 'warn', 'error'] as const)('writes one printable line at level %s', (level) => {
    const written = jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    new LineLogger('Test')[level]('a\nERROR forged\u001b[0m');
    expect(written.mock.calls[0]?.[0]).toBe(String.raw`a\nERROR forged\u001b[0m`);
  });

  const nothing = (): void => undefined;
  it.each<[string, Partial<LoggerService> & { isLevelEnabled?: () => boolean }, boolean]>([
    ['says that debug is on', { debug: nothing, isLevelEnabled: () => true }, true],
    ['says that debug is off', { debug: nothing, isLevelEnabled: () => false }, false],
    ['does not say', { debug: nothing }, true],
    ['has no debug', {}, false],
    ['cannot say', { debug: nothing, isLevelEnabled: () => fail() }, true],
  ])('knows whether debug messages go anywhere when the logger %s', (_what, receiver, expected) => {
    receivedBy(receiver);
    expect(new LineLogger('Test').isDebugEnabled()).toBe(expected);
  });

  it.each(['debug', 'log', 'warn', 'error'] as const)(
    'ignores a logger of the application that throws at level %s',
    (level) => {
      receivedBy({ debug: fail, log: fail, warn: fail, error: fail });
      expect(() => new LineLogger('Test')[level]('message')).not.toThrow();
    },
  );
});

/** As `app.useLogger` does, for one logger. */
function receivedBy(receiver: Partial<LoggerService>): void {
  jest
    .spyOn(Logger.prototype as unknown as { localInstance: unknown }, 'localInstance', 'get')
    .mockReturnValue(receiver);
}

function fail(): never {
  throw new Error('no logger');
}
