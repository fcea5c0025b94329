import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type PusherJs from 'pusher-js';
import ts from 'typescript';
import { type EventsOf, type ReceivedEventsOf, typedChannel } from '../../../lib/client/index.js';
import type { PusherService } from '../../../lib/index.js';
import { LIBRARIES } from '../events/schemas.js';

type Events = EventsOf<typeof LIBRARIES.zod>;
type Received = ReceivedEventsOf<typeof LIBRARIES.zod>;

/** Never called: the compiler is the test. */
async function server(pusher: PusherService<Events>): Promise<void> {
  await pusher.trigger('a', 'price.changed', { price: '12.5' });
  // @ts-expect-error the schema takes a string
  await pusher.trigger('a', 'price.changed', { price: 12.5 });
  // @ts-expect-error there is no such event
  await pusher.trigger('a', 'price.change', { price: '12.5' });
  // @ts-expect-error the payload belongs to another event
  await pusher.triggerBatch([{ channel: 'a', event: 'message.created', data: { price: '12.5' } }]);
}

/** Never called either. */
function browser(pusher: PusherJs.default): void {
  const channel = typedChannel(LIBRARIES.zod, pusher.subscribe('a'));
  channel.bind('price.changed', ({ price }) => price.toFixed(2));
  // @ts-expect-error the browser receives the output of the schema, a number
  channel.bind('price.changed', ({ price }) => price.trim());
  // @ts-expect-error there is no such event
  channel.bind('price.change', () => undefined);
  // @ts-expect-error only client events can be triggered by clients
  channel.trigger('message.created', { id: '7', tags: [] });
}

/** What an editor shows for the type of that name in this file. */
function hover(name: string): string {
  const file = join(import.meta.dirname, 'types.spec.ts');
  const root = join(import.meta.dirname, '../../..');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([file], { ...options, noEmit: true });
  const source = program.getSourceFile(file);
  const checker = program.getTypeChecker();
  let found: ts.Type | undefined;
  source?.forEachChild((node) => {
    if (ts.isTypeAliasDeclaration(node) && node.name.text === name)
      found = checker.getTypeAtLocation(node.name);
  });
  return found === undefined
    ? ''
    : checker.typeToString(
        found,
        source,
        ts.TypeFormatFlags.InTypeAlias | ts.TypeFormatFlags.NoTruncation,
      );
}

it('compile', () => {
  expect([server, browser]).toHaveLength(2);
});

describe('the types of a list of events', () => {
  it('read as the payloads in an editor', () => {
    const message = '{ id: string; tags: { name: string; }[]; }';
    expect([hover('Events'), hover('Received')]).toEqual([
      `{ readonly 'message.created': ${message}; readonly 'price.changed': { price: string; }; }`,
      `{ readonly 'message.created': ${message}; readonly 'price.changed': { price: number; }; }`,
    ]);
  });

  it('are the same with every library', () => {
    const payloads: {
      [Library in keyof typeof LIBRARIES]: ReceivedEventsOf<
        (typeof LIBRARIES)[Library]
      >['price.changed'];
    } = { zod: { price: 1 }, valibot: { price: 1 }, arktype: { price: 1 } };
    const received: Received['price.changed'][] = Object.values(payloads);
    expect(received).toHaveLength(3);
  });
});
