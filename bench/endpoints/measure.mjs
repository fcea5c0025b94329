import { postRequest } from '../http-request.mjs';
import { start, startServer } from '../processes.mjs';
import { rounds } from '../rounds.mjs';
import { signedWebhook } from '../webhook.mjs';

export const ADAPTERS = ['express', 'fastify'];
const CONNECTIONS = 32;
const WEBHOOK_SIZES = [1, 10, 100];

function authRequest(room) {
  const body = { socket_id: `1234.${room + 1}`, channel_name: `private-rooms.${room}` };
  return postRequest('/pusher/auth', JSON.stringify(body));
}

/** What the endpoints are sent, and how many events are in each request. */
export const REQUESTS = {
  auth: {
    title: '`POST /pusher/auth`',
    requests: Array.from({ length: CONNECTIONS }, (_, room) => authRequest(room)),
    events: 0,
  },
  ...Object.fromEntries(
    WEBHOOK_SIZES.map((events) => {
      const { headers, rawBody } = signedWebhook(events);
      const title = `webhook of ${events} ${events === 1 ? 'event' : 'events'}`;
      const requests = [postRequest('/pusher/webhooks', rawBody, headers)];
      return [`webhook${events}`, { title, requests, events }];
    }),
  ),
};

/** The endpoints of this package beside controllers written by hand over the official package. */
export async function measureEndpoints(settings, log) {
  const results = {};
  for (const adapter of ADAPTERS) {
    const contenders = [];
    for (const name of ['official', 'ours']) contenders.push(await endpoint(name, adapter));
    results[adapter] = {};
    for (const [kind, { title, requests, events }] of Object.entries(REQUESTS)) {
      log(`${title} on ${adapter}`);
      const load = {
        connections: CONNECTIONS,
        requests,
        events,
        warmUpMs: 200,
        ms: settings.endpointMs,
      };
      // A first round is not counted: code is compiled.
      await rounds(contenders, 1, 'load', load);
      results[adapter][kind] = await rounds(contenders, settings.rounds, 'load', load);
    }
    for (const contender of contenders) contender.stop();
  }
  return results;
}

/** An application and a process that sends requests to it. */
async function endpoint(name, adapter) {
  const app = await startServer('endpoints/server.mjs', { name, adapter });
  const generator = start('generator.mjs', { port: app.port });
  await generator.receive();
  return {
    name,
    async run(task, { events, ...load }) {
      const before = await app.run('usage');
      const result = await generator.run(task, load);
      const { cpuMicroseconds, handled } = await app.run('usage');
      if (handled - before.handled !== result.total * events)
        throw new Error(`${name} on ${adapter} has not handled all events`);
      return { ...result, cpuMicroseconds: cpuMicroseconds / result.total };
    },
    stop() {
      app.stop();
      generator.stop();
    },
  };
}
