import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import type { HttpResponse, TransportFailure } from '../../../lib/http/transport/http-transport.js';
import { LIMITS } from '../../../lib/protocol/limits.js';
import { FakeApi } from '../../../lib/testing/fake/fake-api.js';
import { FakeChannels } from '../../../lib/testing/fake/fake-channels.js';
import { PlannedFailures } from '../../../lib/testing/fake/planned-failures.js';
import { make } from '../../support/raw/setup.js';
import { lostResponse } from '../../support/raw/transport.js';
import { apiContract } from './contract.js';

apiContract('ApiClient', () => {
  const planned: (Partial<HttpResponse> | TransportFailure)[] = [];
  const occupied = { status: 200, headers: {}, body: '{"channels":{"room":{}}}' };
  const { api } = make([
    async () => {
      const next = planned.shift();
      if (next instanceof Error) throw next;
      return { ...occupied, ...next };
    },
  ]);
  return {
    api,
    rejectNext: () => planned.push({ status: 400, body: 'No' }),
    loseNext: () => planned.push(lostResponse()),
  };
});

apiContract('FakeApi', () => {
  const failed = { method: 'POST', path: '/apps/3/events', attempts: 1 };
  const failures = new PlannedFailures();
  const channels = new FakeChannels({ server: 'pusher', limits: LIMITS.pusher });
  channels.occupy('room', {});
  const api = new FakeApi(channels, failures);
  return {
    api,
    rejectNext: () => {
      const rejected = {
        ...failed,
        status: 400,
        body: 'No',
        retryable: false,
        maybeAccepted: false,
      };
      failures.plan(new PusherRequestError('PUSHER_REQUEST_REJECTED', rejected, 'Fix it.'), 1);
    },
    loseNext: () =>
      failures.plan(
        new PusherConnectionError('PUSHER_CONNECTION_FAILED', 'Lost.', failed, true),
        1,
      ),
  };
});
