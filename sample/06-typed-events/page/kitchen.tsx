import {
  type InvalidPayload,
  type ReceivedEventsOf,
  typedChannel,
} from 'nestjs-pusher-channels/client';
import type Pusher from 'pusher-js';
import { useMemo, useState } from 'react';
import { events } from '../events.js';
import { OrderForm } from './order-form.js';
import { useConnectionState } from './use-connection-state.js';
import { useEvent } from './use-event.js';

type Order = ReceivedEventsOf<typeof events>['order.placed'] & { isReady?: boolean };

export function Kitchen({ pusher }: { pusher: Pusher }) {
  const [orders, setOrders] = useState<Order[]>([]);
  const [problem, setProblem] = useState('');
  const state = useConnectionState(pusher);

  const kitchen = useMemo(() => {
    // Always, because this page is about it. Others check with `import.meta.env.DEV`.
    const options = {
      check: true,
      onInvalid: (invalid: InvalidPayload) => setProblem(said(invalid)),
    };
    return typedChannel(events, pusher.subscribe('kitchen'), options);
  }, [pusher]);

  useEvent(kitchen, 'order.placed', (order) => setOrders((all) => [order, ...all]));
  useEvent(kitchen, 'order.ready', ({ id }) =>
    setOrders((all) => all.map((order) => (order.id === id ? { ...order, isReady: true } : order))),
  );

  async function post(path: string, body: object = {}): Promise<boolean> {
    setProblem('');
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) setProblem(`The server refused the order. ${await reasonOf(response)}`);
    return response.ok;
  }

  return (
    <main>
      <h1>The kitchen</h1>
      <p id="state" className={state}>
        {state}
      </p>
      <OrderForm onOrder={(order) => post('/orders', order)} />
      <p id="problem" role="alert">
        {problem}
      </p>
      <button onClick={() => void post('/orders/outdated')}>
        Order through an outdated server
      </button>
      <ul id="orders" aria-live="polite">
        {orders.map(({ id, dish, portions, isReady }) => (
          <li key={id}>
            <span>
              <b>{portions} ×</b>
              {dish}
            </span>
            {isReady ? (
              <span className="ready">ready</span>
            ) : (
              <button onClick={() => void post(`/orders/${id}/ready`)}>Ready</button>
            )}
          </li>
        ))}
      </ul>
    </main>
  );
}

function said({ event, issues }: InvalidPayload): string {
  const reasons = issues.map(
    ({ path = [], message }) => `${path.map(String).join('.')}: ${message}`,
  );
  return `An ${event} event was not shown. ${reasons.join('; ')}`;
}

async function reasonOf(response: Response): Promise<string> {
  const { issues = [] } = (await response.json()) as {
    issues?: { path: string; message: string }[];
  };
  return issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
}
