import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Injectable, type Provider, Scope } from '@nestjs/common';
import {
  type ContextId,
  ContextIdFactory,
  type ContextIdStrategy,
  DiscoveryModule,
  type HostComponentInfo,
  REQUEST,
} from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  type DiscoveredMethod,
  MethodDiscovery,
  markMethod,
} from '../../../lib/discovery/method-discovery.js';

const MARK = Symbol('mark');
const Mark =
  (mark: string) =>
  <T extends object>(_target: object, _name: string, descriptor: TypedPropertyDescriptor<T>) =>
    markMethod(MARK, mark, descriptor.value ?? {});

@Injectable()
class Base {
  @Mark('inherited')
  inherited(): string {
    return `inherited by ${this.constructor.name}`;
  }

  @Mark('replaced')
  replaced(): string {
    return 'base';
  }

  unmarked(): void {}
}

@Injectable()
class Rules extends Base {
  #calls = 0;

  @Mark('first')
  @Mark('second')
  twice(one: unknown, two: unknown): unknown[] {
    return [++this.#calls, one, two];
  }

  override replaced(): string {
    return 'derived';
  }

  @Mark('throws')
  throws(): never {
    throw new Error('at once');
  }

  get trap(): never {
    throw new Error('an accessor was read');
  }
}

let made = 0;

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  readonly number = ++made;
  constructor(@Inject(REQUEST) private readonly request: { user?: string }) {}

  @Mark('per request')
  who(): unknown {
    return [this.number, this.request.user];
  }
}

@Injectable({ scope: Scope.REQUEST, durable: true })
class PerTenant {
  readonly number = ++made;
  constructor(@Inject(REQUEST) private readonly request: unknown) {}

  @Mark('durable')
  who(): unknown {
    return [this.number, this.request ?? {}];
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class Transient {
  readonly number = ++made;

  @Mark('transient')
  number_(): number {
    return this.number;
  }
}

@Injectable()
class Dependent {
  constructor(private readonly perRequest: PerRequest) {}

  @Mark('dependent')
  who(): unknown {
    return this.perRequest.who();
  }
}

@Controller()
class Pages {
  @Get()
  @Mark('controller')
  page(): string {
    return 'page';
  }
}

async function discover(providers: Provider[], controllers: (new () => unknown)[] = []) {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [MethodDiscovery, ...providers],
    controllers,
  }).compile();
  await module.init();
  return module.get(MethodDiscovery).markedWith<string>(MARK);
}

const named = (found: readonly DiscoveredMethod<string>[], mark: string) => {
  const method = found.find((one) => one.mark === mark);
  if (method === undefined) throw new Error(`nothing is marked "${mark}"`);
  return method;
};

describe('MethodDiscovery', () => {
  it('finds marks in the order of writing, on inherited methods too, with class and method name', async () => {
    const found = await discover([Rules]);
    expect(found.map(({ mark, className, methodName }) => [mark, className, methodName])).toEqual([
      ['first', 'Rules', 'twice'],
      ['second', 'Rules', 'twice'],
      ['throws', 'Rules', 'throws'],
      ['inherited', 'Rules', 'inherited'],
    ]);
  });

  it('calls the method of the one instance', async () => {
    const method = named(await discover([Rules]), 'first');
    expect(await method.call(undefined, 'a', 'b')).toEqual([1, 'a', 'b']);
    expect(await method.call(undefined)).toEqual([2, undefined, undefined]);
  });

  it('throws what the method throws', async () => {
    const method = named(await discover([Rules]), 'throws');
    expect(() => method.call(undefined)).toThrow('at once');
  });

  it('finds controllers', async () => {
    expect((await discover([], [Pages])).map(({ mark }) => mark)).toEqual(['controller']);
  });

  it.each<[string, Provider[]]>([
    ['another token', [{ provide: 'rules', useClass: Rules }]],
    ['a value', [{ provide: 'rules', useValue: new Rules() }]],
    ['a factory', [{ provide: 'rules', useFactory: () => new Rules() }]],
    ['an alias', [Rules, { provide: 'alias', useExisting: Rules }]],
    [
      'a factory that returns another provider',
      [Rules, { provide: 'again', inject: [Rules], useFactory: returnSame }],
    ],
  ])('finds each method once: %s', async (_case, providers) => {
    const found = await discover(providers);
    expect(found.map(({ mark }) => mark)).toEqual(['first', 'second', 'throws', 'inherited']);
    expect(await named(found, 'inherited').call(undefined)).toBe('inherited by Rules');
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a string', 'text'],
    ['a function', () => 1],
    ['an object without a prototype', Object.create(null)],
    ['an object over one', Object.create(Object.create(null) as object)],
  ])('ignores values that cannot carry marks: %s', async (_case, useValue) => {
    expect(await discover([{ provide: 'value', useValue }])).toEqual([]);
  });

  it('resolves request-scoped providers for each call, with the request of the call', async () => {
    const method = named(await discover([PerRequest]), 'per request');
    const [one, two] = [await method.call({ user: 'ada' }), await method.call({ user: 'bob' })];
    expect(one).toEqual([expect.any(Number), 'ada']);
    expect(two).toEqual([expect.any(Number), 'bob']);
    expect((one as unknown[])[0]).not.toBe((two as unknown[])[0]);
  });

  it('resolves providers that depend on a request-scoped one', async () => {
    const method = named(await discover([PerRequest, Dependent]), 'dependent');
    expect(await method.call({ user: 'eve' })).toEqual([expect.any(Number), 'eve']);
  });

  it.each([true, false])(
    'hides the request from durable providers, with a payload: %s',
    async (withPayload) => {
      const tenants = new Map<string, ContextId>();
      ContextIdFactory.apply({
        attach(context: ContextId, request: { tenant: string }) {
          const parent = tenants.get(request.tenant) ?? ContextIdFactory.create();
          tenants.set(request.tenant, parent);
          const resolve = ({ isTreeDurable }: HostComponentInfo) =>
            isTreeDurable ? parent : context;
          return withPayload ? { resolve, payload: { tenant: request.tenant } } : resolve;
        },
      });
      const method = named(await discover([PerTenant]), 'durable');
      const results = [];
      for (const tenant of ['north', 'south', 'north'])
        results.push(await method.call({ tenant, secret: 'of the request' }));
      ContextIdFactory.apply(undefined as unknown as ContextIdStrategy);
      const [one, two, three] = results as [number, unknown][];
      expect(three?.[0]).toBe(one?.[0]);
      expect(two?.[0]).not.toBe(one?.[0]);
      for (const [, request] of [one, two, three] as [number, unknown][])
        expect(request).not.toHaveProperty('secret');
    },
  );

  it('creates transient providers for each call, even without a request', async () => {
    const method = named(await discover([Transient]), 'transient');
    expect(await method.call(undefined)).not.toBe(await method.call(undefined));
  });
});

function returnSame(rules: Rules): Rules {
  return rules;
}
