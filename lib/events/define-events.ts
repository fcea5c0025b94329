/**
 * The part of Standard Schema, version 1, that is used here. zod 3.24 and newer, valibot 1, arktype 2
 * and others implement it.
 */
export interface EventSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a schema says of a value: its output, or what is wrong. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong, and where. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Event names and the schema of each payload, as `defineEvents` returns them. */
export type EventSchemas = Readonly<Record<string, EventSchema>>;

/** What a server passes to `trigger` for each event: the input of its schema. */
export type EventsOf<Events extends EventSchemas> = Shown<{
  -readonly [Name in keyof Events]: SchemaTypes<Events[Name]>['input'];
}>;

/** The same type. Editors show its names and payloads, and not the schemas that it was made from. */
type Shown<Type> = Type extends infer Same extends object ? Same : never;

/** What a browser receives for each event: the output of its schema, as JSON carries it. */
export type ReceivedEventsOf<Events extends EventSchemas> = {
  -readonly [Name in keyof Events]: OutputOf<Events[Name]>;
};

/** The output of a schema. */
export type OutputOf<Schema> = SchemaTypes<Schema>['output'];

type SchemaTypes<Schema> = Schema extends { readonly '~standard': { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly input: infer Input; readonly output: infer Output }
    ? { input: Input; output: Output }
    : never
  : never;

/**
 * One list of events for server and browser: names, and the schema of each payload.
 *
 * ```ts
 * export const events = defineEvents({ 'message.created': z.object({ id: z.string() }) });
 * ```
 *
 * Give it to `PusherModule.forRoot({ events })` and payloads are checked before they are sent; give it
 * to `typedChannel(events, channel)` in the browser and handlers know theirs.
 */
export function defineEvents<const Events extends EventSchemas>(events: Events): Events {
  return events;
}
