import type { LoggerService } from '@nestjs/common';

/** Keeps what was logged, as `level: message`, except for the levels log and verbose. */
export class MemoryLogger implements LoggerService {
  readonly lines: string[] = [];
  readonly log: (message?: unknown) => void = () => undefined;
  readonly verbose = (): void => undefined;
  readonly debug = (message: unknown): void => void this.lines.push(`debug: ${String(message)}`);
  readonly warn = (message: unknown): void => void this.lines.push(`warn: ${String(message)}`);

  /** @param stacks whether the stack of an error follows its message */
  constructor(private readonly stacks: 'with stacks' | 'without stacks' = 'without stacks') {}

  readonly error = (message: unknown, stack?: unknown): void => {
    const shown = this.stacks === 'with stacks' ? ` ${String(stack)}` : '';
    this.lines.push(`error: ${String(message)}${shown}`);
  };
}
