import type { ServerActivity } from '../server/observe/activity.js';
import { PusherTestServer } from '../server/pusher-test-server.js';
import { activityJson, activityLine } from './activity-line.js';
import { UsageError, commandIn } from './arguments.js';
import { greeting, greetingJson } from './greeting.js';
import { HELP } from './help.js';
import { painterFor } from './painter.js';

/** What the program meets outside. */
export interface Surroundings {
  argv: readonly string[];
  env: Readonly<NodeJS.ProcessEnv>;
  isTerminal: boolean;
  print(line: string): void;
  printError(line: string): void;
  /** Resolves when the program shall end. */
  end: Promise<void>;
}

const WRONG_USAGE = 2;
const FAILED = 1;

/** Runs until told to end. The result is the exit code. */
export async function run(around: Surroundings): Promise<number> {
  try {
    return await obey(around);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isUsage = error instanceof UsageError;
    around.printError(`pusher-local: ${message}${isUsage ? '\nTry: pusher-local --help' : ''}`);
    return isUsage ? WRONG_USAGE : FAILED;
  }
}

async function obey(around: Surroundings): Promise<number> {
  const command = commandIn(around.argv);
  if (command.kind === 'help') {
    around.print(HELP.trimEnd());
    return 0;
  }
  const { json, server: options } = command;
  const appIds = (options.apps ?? []).map(({ id }) => String(id));
  const paint = painterFor(around.isTerminal, around.env);
  const onActivity = (activity: ServerActivity) => {
    // Without an address for them, webhooks would only be noise.
    if (activity.type === 'webhook' && activity.webhook.url === undefined) return;
    const now = new Date();
    around.print(
      json ? activityJson(activity, now) : activityLine(activity, now, paint, appIds.length > 1),
    );
  };
  // It may run for days; what it remembers is for tests.
  const server = await PusherTestServer.start({
    ...options,
    onActivity,
    recordLimit: 0,
    frameLimit: 0,
  });
  around.print(json ? greetingJson(server, appIds) : greeting(server, appIds, paint));
  await around.end;
  await server.stop();
  return 0;
}
