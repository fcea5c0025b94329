import { Controller, type INestApplication, Injectable, Module, Scope } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, CqrsModule } from '@nestjs/cqrs';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import {
  AbstractGraphQLDriver,
  Args,
  Field,
  type GqlModuleOptions,
  GraphQLModule,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from '@nestjs/graphql';
import {
  type CustomTransportStrategy,
  EventPattern,
  MessagePattern,
  Payload,
  Server,
} from '@nestjs/microservices';
import { Cron, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { graphql, type GraphQLSchema } from 'graphql';
import { lastValueFrom } from 'rxjs';
import { TriggerEvent } from '../../../lib/index.js';
import { PusherTestingModule } from '../../../lib/testing/index.js';

@ObjectType()
class Room {
  @Field(() => String)
  id!: string;
}

/** Publishes a room on its channel; ids with a space make an invalid channel name. */
const opened = { event: 'opened', channels: (room: Room) => `rooms.${room.id}` };
const strictly = { ...opened, onFailure: 'throw' } as const;

@Injectable()
class Jobs {
  id = '';

  @TriggerEvent(opened)
  @Cron('0 0 1 1 *', { name: 'above' })
  above(): Room {
    return { id: this.id };
  }

  @Cron('0 0 1 1 *', { name: 'below' })
  @TriggerEvent(opened)
  async below(): Promise<Room> {
    return Promise.resolve({ id: this.id });
  }
}

@Injectable()
class Listeners {
  @TriggerEvent(opened)
  @OnEvent('above')
  above(id: string): Room {
    return { id };
  }

  @OnEvent('below')
  @TriggerEvent(opened)
  async below(id: string): Promise<Room> {
    return Promise.resolve({ id });
  }

  @OnEvent('strict', { suppressErrors: false })
  @TriggerEvent(strictly)
  async strict(id: string): Promise<Room> {
    return Promise.resolve({ id });
  }
}

@Resolver(() => Room)
class Rooms {
  @Query(() => String)
  neededByEverySchema(): string {
    return '';
  }

  @TriggerEvent(opened)
  @Mutation(() => Room)
  above(@Args('id', { type: () => String }) id: string): Room {
    return { id };
  }

  @Mutation(() => Room)
  @TriggerEvent(opened)
  async below(@Args('id', { type: () => String }) id: string): Promise<Room> {
    return Promise.resolve({ id });
  }

  @Mutation(() => Room)
  @TriggerEvent(strictly)
  async strict(@Args('id', { type: () => String }) id: string): Promise<Room> {
    return Promise.resolve({ id });
  }
}

@Controller()
class Messages {
  @TriggerEvent(opened)
  @MessagePattern('above')
  above(@Payload() id: string): Room {
    return { id };
  }

  @MessagePattern('below')
  @TriggerEvent(opened)
  async below(@Payload() id: string): Promise<Room> {
    return Promise.resolve({ id });
  }

  @EventPattern('event')
  @TriggerEvent(opened)
  event(@Payload() id: string): Room {
    return { id };
  }

  @MessagePattern('strict')
  @TriggerEvent(strictly)
  async strict(@Payload() id: string): Promise<Room> {
    return Promise.resolve({ id });
  }
}

class OpenRoom extends Command<Room> {
  constructor(readonly id: string) {
    super();
  }
}
class OpenRoomInRequest extends OpenRoom {}
class OpenRoomStrictly extends OpenRoom {}

@CommandHandler(OpenRoom)
class OpenRoomHandler {
  @TriggerEvent(opened)
  async execute({ id }: OpenRoom): Promise<Room> {
    return Promise.resolve({ id });
  }
}

@CommandHandler(OpenRoomInRequest, { scope: Scope.REQUEST })
class OpenRoomInRequestHandler {
  @TriggerEvent(opened)
  async execute({ id }: OpenRoomInRequest): Promise<Room> {
    return Promise.resolve({ id });
  }
}

@CommandHandler(OpenRoomStrictly)
class OpenRoomStrictlyHandler {
  @TriggerEvent(strictly)
  async execute({ id }: OpenRoomStrictly): Promise<Room> {
    return Promise.resolve({ id });
  }
}

/** Builds the schema; mutations are executed without a server. */
@Injectable()
class InProcessGraphQL extends AbstractGraphQLDriver {
  schema?: GraphQLSchema;

  async start({ schema }: GqlModuleOptions): Promise<void> {
    if (schema !== undefined) this.schema = schema;
    return Promise.resolve();
  }

  async stop(): Promise<void> {}
}

/** Delivers messages without a broker. */
class InProcessMessages extends Server implements CustomTransportStrategy {
  listen(done: () => void): void {
    done();
  }

  close(): void {}

  on(): void {}

  unwrap(): never {
    throw new Error('There is no server to unwrap.');
  }

  async deliver(pattern: string, data: string): Promise<unknown> {
    const response: unknown = await this.getHandlerByPattern(pattern)?.(data);
    return await lastValueFrom(this.transformToObservable(response));
  }
}

@Module({
  imports: [
    PusherTestingModule.forRoot(),
    ScheduleModule.forRoot(),
    EventEmitterModule.forRoot(),
    CqrsModule.forRoot(),
    GraphQLModule.forRoot({ driver: InProcessGraphQL, autoSchemaFile: true }),
  ],
  controllers: [Messages],
  providers: [
    Jobs,
    Listeners,
    Rooms,
    OpenRoomHandler,
    OpenRoomInRequestHandler,
    OpenRoomStrictlyHandler,
  ],
})
class PlacesModule {}

/** An application with `@TriggerEvent` wherever Nest calls methods, besides HTTP controllers. */
export class Places {
  static async start(): Promise<Places> {
    const built = await Test.createTestingModule({ imports: [PlacesModule] }).compile();
    const app = built.createNestApplication({ logger: false });
    const messages = new InProcessMessages();
    app.connectMicroservice({ strategy: messages });
    await app.startAllMicroservices();
    await app.init();
    return new Places(app, messages);
  }

  private constructor(
    readonly app: INestApplication,
    private readonly messages: InProcessMessages,
  ) {}

  /** Runs a cron job now; what it returns goes nowhere. */
  async runJob(name: string, id: string): Promise<void> {
    this.app.get(Jobs).id = id;
    await this.app.get(SchedulerRegistry).getCronJob(name).fireOnTick();
  }

  /** Returns what the listener has returned. */
  async notify(event: string, id: string): Promise<unknown> {
    const results = (await this.app.get(EventEmitter2).emitAsync(event, id)) as unknown[];
    return results[0];
  }

  async mutate(name: string, id: string): Promise<unknown> {
    const { schema } = this.app.get(GraphQLModule).graphQlAdapter as InProcessGraphQL;
    if (schema === undefined) throw new Error('The schema has not been built.');
    const source = `mutation { ${name}(id: ${JSON.stringify(id)}) { id } }`;
    const { data, errors } = await graphql({ schema, source });
    if (errors?.[0] !== undefined) throw errors[0];
    return JSON.parse(JSON.stringify(data?.[name])) as unknown;
  }

  deliver(pattern: string, id: string): Promise<unknown> {
    return this.messages.deliver(pattern, id);
  }

  async open(id: string, how: 'plainly' | 'in a request' | 'strictly'): Promise<Room> {
    const Class = {
      plainly: OpenRoom,
      'in a request': OpenRoomInRequest,
      strictly: OpenRoomStrictly,
    };
    return this.app.get(CommandBus).execute(new Class[how](id));
  }
}
