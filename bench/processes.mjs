import { fork } from 'node:child_process';
import { join } from 'node:path';

/** The authority that has signed the certificate of the distant server. */
export const TRUSTED_AUTHORITY = join(import.meta.dirname, 'servers/ca.pem');
/** With it, both packages trust the server with their default options. */
const TRUST = { NODE_EXTRA_CA_CERTS: TRUSTED_AUTHORITY };

/** The next message of a child. */
function next(child) {
  return new Promise((resolve) => {
    child.once('message', resolve);
  });
}

/**
 * Starts a file of this folder in a separate process. `receive` returns its next message and rejects
 * when the process ends early.
 */
export function start(file, settings = {}) {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(settings)], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, ...TRUST },
  });
  const ended = new Promise((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  // Without a message to wait for, the process has been stopped on purpose.
  ended.catch(() => undefined);
  const receive = () => Promise.race([next(child), ended]);
  return {
    receive,
    /** Lets the process do a task, and returns what it sends back. */
    async run(task, taskSettings = {}) {
      child.send({ task, settings: taskSettings });
      return (await receive()).result;
    },
    stop: () => child.disconnect(),
  };
}

/** Starts a server, which reports the port on which it listens. */
export async function startServer(file, settings) {
  const server = start(file, settings);
  const { port } = await server.receive();
  return { ...server, port };
}

/** Starts a contender in a separate process. `target` says where its server is. */
export async function startWorker(name, target) {
  const worker = start('worker.mjs', { name, target });
  await worker.receive();
  return { ...worker, name };
}

/** The environment in which a process trusts the distant server, for processes started otherwise. */
export function trustingEnvironment() {
  return { ...process.env, ...TRUST };
}
