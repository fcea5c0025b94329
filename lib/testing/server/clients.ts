/** What a test server needs of a client: an end. */
interface Client {
  disconnect(): void;
}

/** A class such as `Pusher` of `pusher-js`. */
export type ClientClass<C extends Client, Options extends object> = new (
  key: string,
  options: Options,
) => C;

/** The clients that a server has made. It ends them, or they would look for it for ever. */
export class Clients {
  #all: Client[] = [];

  add<C extends Client>(client: C): C {
    this.#all.push(client);
    return client;
  }

  disconnect(): void {
    for (const client of this.#all) client.disconnect();
    this.#all = [];
  }
}
