import { describe, expect, it } from '@jest/globals';
import { SetMetadata } from '@nestjs/common';
import { QueryPromise } from 'drizzle-orm/query-promise';
import { firstValueFrom, lastValueFrom, Observable, of, range, tap, throwError } from 'rxjs';
import type { BackgroundPublisher } from '../../../../lib/publishing/background/background-publisher.js';
import { holdEvents } from '../../../../lib/publishing/background/held-events.js';
import { HoldEvents } from '../../../../lib/publishing/background/hold-events.decorator.js';
import { type EncodedEvent, EventPublisher } from '../../../../lib/publishing/event-publisher.js';
import { keptLog } from '../../../support/runtime/kept-log.js';
import { backgroundOver } from '../../../support/publishing/background.js';

class Recorder extends EventPublisher {
  readonly names: string[] = [];

  publish({ name }: EncodedEvent): Promise<Record<string, never>> {
    this.names.push(name);
    return Promise.resolve({});
  }

  publishBatch(): Promise<never[]> {
    return Promise.resolve([]);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }
}

function setUp() {
  const publisher = new Recorder();
  const { lines, logger } = keptLog();
  const background: BackgroundPublisher = backgroundOver(publisher, { logger });
  const emit = (name: string): void => background.emit({ name, channels: ['a'], data: '{}' });
  return { names: publisher.names, warnings: lines.warn, background, emit };
}

/** Work in each form, which emits `before` and `after` its first step. */
type Emit = (name: string) => void;
const FORMS: [
  string,
  (emit: Emit, fails: boolean) => () => unknown,
  (result: unknown) => unknown,
][] = [
  [
    'a function',
    (emit, fails) => () => {
      emit('before');
      emit('after');
      if (fails) throw new Error('no');
    },
    (result) => result,
  ],
  [
    'an async function',
    (emit, fails) => async () => {
      emit('before');
      await Promise.resolve();
      emit('after');
      if (fails) throw new Error('no');
    },
    (result) => result,
  ],
  [
    'a query of Drizzle, which begins when it is awaited',
    (emit, fails) => () => {
      emit('before');
      return new (class extends QueryPromise<number> {
        override async execute(): Promise<number> {
          emit('after');
          if (fails) throw new Error('no');
          return 1;
        }
      })();
    },
    (result) => result,
  ],
  [
    'an Observable',
    (emit, fails) => () => {
      emit('before');
      return new Observable((subscriber) => {
        emit('after');
        subscriber.next(1);
        if (fails) subscriber.error(new Error('no'));
        else subscriber.complete();
      });
    },
    (result) => lastValueFrom(result as Observable<unknown>),
  ],
  [
    'a generator',
    (emit, fails) =>
      function* () {
        emit('before');
        yield 1;
        emit('after');
        if (fails) throw new Error('no');
      },
    (result) => [...(result as Generator)],
  ],
  [
    'an async generator',
    (emit, fails) =>
      async function* () {
        emit('before');
        yield await Promise.resolve(1);
        emit('after');
        if (fails) throw new Error('no');
      },
    async (result) => {
      const all: unknown[] = [];
      for await (const value of result as AsyncGenerator) all.push(value);
      return all;
    },
  ],
];

describe.each(FORMS)('holdEvents around %s', (_form, work, consume) => {
  it('sends the events in order when it has succeeded', async () => {
    const { names, emit, background } = setUp();
    const seen: string[][] = [];
    const look = (name: string): void => {
      emit(name);
      seen.push([...names]);
    };
    await consume(holdEvents(work(look, false)));
    expect([seen, names, background.held]).toEqual([[[], []], ['before', 'after'], 0]);
  });

  it('drops the events when it fails, and passes the failure on', async () => {
    const { names, emit, background } = setUp();
    const run = async (): Promise<unknown> => await consume(holdEvents(work(emit, true)));
    await expect(run()).rejects.toThrow('no');
    expect([names, background.held]).toEqual([[], 0]);
  });
});

describe('holdEvents', () => {
  it('lets the events of inner work leave with the outer work', async () => {
    const { names, emit } = setUp();
    await holdEvents(async () => {
      await holdEvents(async () => {
        emit('inner');
        await Promise.resolve();
      });
      expect(names).toEqual([]);
      emit('outer');
    });
    expect(names).toEqual(['inner', 'outer']);
  });

  it('drops the events of inner work that fails, and no others', async () => {
    const { names, emit } = setUp();
    await holdEvents(async () => {
      emit('outer');
      await holdEvents(async () => {
        emit('inner');
        await Promise.reject(new Error('no'));
      }).catch(() => undefined);
    });
    expect(names).toEqual(['outer']);
  });

  it('drops the events of inner work that has succeeded when the outer work fails', async () => {
    const { names, emit } = setUp();
    const work = holdEvents(async () => {
      await holdEvents(() => Promise.resolve(emit('inner')));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(names).toEqual([]);
  });

  it('keeps works that run side by side apart', async () => {
    const { names, emit } = setUp();
    const works = Array.from({ length: 30 }, (_, index) =>
      holdEvents(async () => {
        emit(`${index}a`);
        await Promise.resolve();
        emit(`${index}b`);
        if (index % 3 === 0) throw new Error('rolled back');
      }),
    );
    await Promise.allSettled(works);
    const committed = works.flatMap((_, index) =>
      index % 3 === 0 ? [] : [`${index}a`, `${index}b`],
    );
    expect([...names].toSorted()).toEqual(committed.toSorted());
    const late = committed.filter((name) => name.endsWith('b'));
    const before = late.map((name) => names.indexOf(name.replace('b', 'a')) < names.indexOf(name));
    expect(before).toEqual(late.map(() => true));
  });

  it('sends at once what is emitted after the work has succeeded', async () => {
    const { names, emit } = setUp();
    let later: () => void = () => undefined;
    const called = new Promise<void>((resolve) => (later = resolve));
    let emitted: Promise<void> | undefined;
    await holdEvents(async () => {
      emitted = called.then(() => emit('late'));
      await Promise.resolve();
    });
    later();
    await emitted;
    expect(names).toEqual(['late']);
  });

  it('drops what is emitted after the work has failed, with a warning', async () => {
    const { names, warnings, emit } = setUp();
    let later: () => void = () => undefined;
    const called = new Promise<void>((resolve) => (later = resolve));
    let emitted: Promise<void> | undefined;
    const work = holdEvents(async () => {
      emitted = called.then(() => emit('late'));
      await Promise.reject(new Error('no'));
    });
    await expect(work).rejects.toThrow('no');
    later();
    await emitted;
    expect([names, warnings]).toEqual([[], [expect.stringContaining('late on a was dropped')]]);
  });

  it('holds at most 10 000 events for one piece of work', () => {
    const { names, emit } = setUp();
    const work = () =>
      holdEvents(() => {
        for (let index = 0; index <= 10_000; index += 1) emit('many');
      });
    expect(work).toThrow('10000 events are already held');
    expect(names).toEqual([]);
  });

  it('stops an endless Observable when its subscriber has enough', async () => {
    const { names, emit } = setUp();
    const endless = holdEvents(() => range(0, Infinity).pipe(tap((value) => emit(`${value}`))));
    expect(await firstValueFrom(endless)).toBe(0);
    expect(names).toEqual(['0']);
  });

  it('ends with an Observable that nobody waits for to the end', async () => {
    const { names, emit } = setUp();
    const values = holdEvents(() => {
      emit('first');
      return new Observable<number>((subscriber) => subscriber.next(1));
    });
    values.subscribe().unsubscribe();
    await Promise.resolve();
    expect(names).toEqual(['first']);
  });

  it('returns what the work returns', () => {
    expect(holdEvents(() => 7)).toBe(7);
    expect(holdEvents(() => null)).toBe(null);
  });
});

describe('@HoldEvents()', () => {
  it('holds the events of a method, with its arguments and its this', async () => {
    const { names, emit } = setUp();
    class Orders {
      readonly prefix = 'order';

      @HoldEvents()
      async pay(id: string, fails = false): Promise<string> {
        emit(`${this.prefix}.${id}`);
        await Promise.resolve();
        if (fails) throw new Error('no');
        return id;
      }

      @HoldEvents()
      watch(fails: boolean): Observable<number> {
        emit('watched');
        return fails ? throwError(() => new Error('no')) : of(1);
      }
    }
    const orders = new Orders();
    await expect(orders.pay('7')).resolves.toBe('7');
    await expect(orders.pay('8', true)).rejects.toThrow('no');
    await expect(lastValueFrom(orders.watch(true))).rejects.toThrow('no');
    await expect(lastValueFrom(orders.watch(false))).resolves.toBe(1);
    expect(names).toEqual(['order.7', 'watched']);
  });

  it('keeps name, length and metadata of the method', () => {
    class Orders {
      @HoldEvents()
      @SetMetadata('kind', 'below')
      pay(id: string): string {
        return id;
      }
    }
    const pay = Reflect.get(Orders.prototype, 'pay') as object;
    expect([Reflect.get(pay, 'name'), Reflect.get(pay, 'length')]).toEqual(['pay', 1]);
    expect(Reflect.getMetadata('kind', pay)).toBe('below');
  });
});
