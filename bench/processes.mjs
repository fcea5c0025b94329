import { fork } from 'node:child_process';
import { join } from 'node:path';

/** The next message of a child. */
function next(child) {
  return new Promise((resolve) => {
    child.once('message', resolve);
  });
}

/** Starts a file of this folder in a separate process. `receive` returns its next message. */
function start(file, ...args) {
  const child = fork(join(import.meta.dirname, file), args, { execArgv: ['--expose-gc'] });
  const ended = new Promise((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ${args.join(' ')} ended with ${code}`)));
  });
  // `receive` rejects when the process ends early; otherwise it has been stopped on purpose.
  ended.catch(() => undefined);
  const receive = () => Promise.race([next(child), ended]);
  return { child, receive };
}

/** The server, and the port on which it listens. */
export async function startServer() {
  const { child, receive } = start('server.mjs');
  const { port } = await receive();
  return { port, stop: () => child.disconnect() };
}

/** A contender in a separate process. */
export async function startWorker(name, port) {
  const { child, receive } = start('worker.mjs', JSON.stringify({ name, port }));
  await receive();
  return {
    name,
    /** Lets the contender do a task, and returns what it measured. */
    async run(task, settings) {
      child.send({ task, settings });
      return (await receive()).result;
    },
    stop: () => child.disconnect(),
  };
}
