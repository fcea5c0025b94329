import type { ReceivedEventsOf } from 'nestjs-pusher-channels/client';
import { type SubmitEvent, useState } from 'react';
import type { events } from '../events.js';

type NewOrder = Omit<ReceivedEventsOf<typeof events>['order.placed'], 'id'>;

/** Checks nothing: what the server does with a wrong order is what this page shows. */
export function OrderForm({ onOrder }: { onOrder: (order: NewOrder) => Promise<boolean> }) {
  const [dish, setDish] = useState('');
  const [portions, setPortions] = useState('1');

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (await onOrder({ dish, portions: Number(portions) })) setDish('');
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <input
        name="portions"
        type="number"
        aria-label="Portions"
        value={portions}
        onChange={({ target }) => setPortions(target.value)}
      />
      <input
        name="dish"
        placeholder="Dish"
        aria-label="Dish"
        autoComplete="off"
        value={dish}
        onChange={({ target }) => setDish(target.value)}
      />
      <button>Order</button>
    </form>
  );
}
