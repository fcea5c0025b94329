import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type PusherJs from 'pusher-js';
import ts from 'typescript';
import { z } from 'zod';
import {
  defineEvents,
  type EventsOf,
  type ReceivedEventsOf,
  typedChannel,
} from '../../../lib/client/index.js';
import type { ClientEventOf, PusherService } from '../../../lib/index.js';
import { LIBRARIES } from '../events/schemas.js';

type Events = EventsOf<typeof LIBRARIES.zod>;
const clientEvents = defineEvents({ 'client-typing': z.object({ at: z.number() }) });
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

/** Nor this. */
function webhook(event: ClientEventOf<typeof clientEvents>): number {
  return event.data.at;
}

const FILE = join(import.meta.dirname, 'types.spec.ts');

/** The compiler as an editor runs it, with this file alone. */
function editor(): ts.LanguageService {
  const root = join(import.meta.dirname, '../../..');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => ({ ...options, noErrorTruncation: true }),
    getScriptFileNames: () => [FILE],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
}

/** What an editor shows for the word that follows the mark in this file, in one line. */
function hover(service: ts.LanguageService, mark: string): string {
  const source = ts.sys.readFile(FILE) ?? '';
  const info = service.getQuickInfoAtPosition(FILE, source.indexOf(mark) + mark.length);
  return ts.displayPartsToString(info?.displayParts).replace(/\s+/g, ' ');
}

it('compile', () => {
  expect([server, browser, webhook]).toHaveLength(3);
});

describe('the types of a list of events', () => {
  it('read as the payloads in an editor', () => {
    const service = editor();
    const message = "'message.created': { id: string; tags: { name: string; }[]; }";
    const [sent, received] = ['string', 'number'].map(
      (price) => `{ ${message}; 'price.changed': { price: ${price}; }; }`,
    );
    expect(hover(service, '\ntype ')).toBe(`type Events = ${sent}`);
    expect(hover(service, 'server(')).toBe(`(parameter) pusher: PusherService<${sent}>`);
    expect(hover(service, 'await pusher.')).toContain(
      '(channels: string | readonly string[], event: "price.changed", data: { price: string; }, ',
    );
    expect(hover(service, '  const ')).toBe(`const channel: TypedChannel<${received}>`);
    expect(hover(service, "bind('price.changed', ({ ")).toBe('(parameter) price: number');
    expect(hover(service, 'event.')).toBe(
      '(property) ClientEvent<"client-typing", { at: number; }>.data: { at: number; }',
    );
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
