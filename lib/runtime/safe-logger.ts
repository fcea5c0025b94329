/** The part of Nest's logger that is used here. */
export interface LogSink {
  debug(message: string): void;
  warn(message: string): void;
}

/** The same log, for one that may throw: a request that was accepted must not fail for it. */
export function safeLogger(log: LogSink): LogSink {
  const tell = (level: keyof LogSink, message: string): void => {
    try {
      log[level](message);
    } catch {
      // There is nobody left to tell.
    }
  };
  return {
    debug: (message) => tell('debug', message),
    warn: (message) => tell('warn', message),
  };
}
