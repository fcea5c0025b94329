import { fork } from 'node:child_process';
import { join } from 'node:path';

/** The next message of a child. */
function next(child) {
  return new Promise((resolve) => {
    child.once('message', resolve);
  });
}

/** Starts a file of this folder in a process of its own. Gives a way to hear what it says next. */
function start(file, ...args) {
  const child = fork(join(import.meta.dirname, file), args, { execArgv: ['--expose-gc'] });
  const ended = new Promise((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ${args.join(' ')} ended with ${code}`)));
  });
  // Whoever listens at the time hears of it; at other times it has been stopped.
  ended.catch(() => undefined);
  const hear = () => Promise.race([next(child), ended]);
  return { child, hear };
}

/** The server, and the port on which it listens. */
export async function startServer() {
  const { child, hear } = start('server.mjs');
  const { port } = await hear();
  return { port, stop: () => child.disconnect() };
}

/** A contender in a process of its own. */
export async function startWorker(name, port) {
  const { child, hear } = start('worker.mjs', JSON.stringify({ name, port }));
  await hear();
  return {
    name,
    /** Lets the contender do a task and gives what it measured. */
    async run(task, settings) {
      child.send({ task, settings });
      return (await hear()).result;
    },
    stop: () => child.disconnect(),
  };
}
