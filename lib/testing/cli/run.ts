import type { ServerActivity } from '../server/observe/activity.js';
import { PusherTestServer } from '../server/pusher-test-server.js';
import { HELP, UsageError, commandIn } from './arguments.js';
import { activityJson, activityLine, greeting, greetingJson, painterFor } from './output.js';

/** What the program needs of its process. */
export interface ProcessIo {
  argv: readonly string[];
  env: Readonly<NodeJS.ProcessEnv>;
  isTerminal: boolean;
  print(line: string): void;
  printError(line: string): void;
  /** Resolves when the program should end. */
  end: Promise<void>;
}

const WRONG_USAGE = 2;
const FAILED = 1;

/** Runs until `end` resolves. The result is the exit code. */
export async function run(io: ProcessIo): Promise<number> {
  try {
    return await execute(io);
  } catch (error) {
    const message = messageOf(error);
    const isUsage = error instanceof UsageError;
    io.printError(`pusher-local: ${message}${isUsage ? '\nTry: pusher-local --help' : ''}`);
    return isUsage ? WRONG_USAGE : FAILED;
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is taken. Choose another with --port, or any free one with --port 0.',
  EACCES: 'The port is reserved. Choose one above 1023 with --port.',
  EADDRNOTAVAIL: 'This machine has no such address. Choose another with --host.',
  ENOTFOUND: 'This machine has no such address. Choose another with --host.',
};

function messageOf(error: unknown): string {
  const { message, code = '' } = error as NodeJS.ErrnoException;
  const remedy = REMEDIES[code];
  return remedy === undefined ? message : `${message}. ${remedy}`;
}

async function execute(io: ProcessIo): Promise<number> {
  const command = commandIn(io.argv);
  if (command.kind === 'help') {
    io.print(HELP.trimEnd());
    return 0;
  }
  const { json, server: options } = command;
  const appIds = (options.apps ?? []).map(({ id }) => String(id));
  const paint = painterFor(io.isTerminal, io.env);
  const onActivity = (activity: ServerActivity) => {
    // Without a URL to send them to, webhooks would only be noise.
    if (activity.type === 'webhook' && activity.webhook.url === undefined) return;
    const now = new Date();
    io.print(
      json ? activityJson(activity, now) : activityLine(activity, now, paint, appIds.length > 1),
    );
  };
  // It may run for days, and records are for tests.
  const server = await PusherTestServer.start({
    ...options,
    onActivity,
    recordLimit: 0,
  });
  io.print(json ? greetingJson(server, appIds) : greeting(server, appIds, paint));
  await io.end;
  await server.stop();
  return 0;
}
