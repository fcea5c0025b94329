/** The part of a `Pusher` of `pusher-js`, or of Laravel Echo, that knows the id of its connection. */
export type SocketIdSource =
  { readonly connection: { readonly socket_id?: string } } | { socketId(): string | undefined };

/** The header that names this connection, empty while there is none. */
export function socketIdHeaders(source: SocketIdSource): Record<string, string> {
  const id = 'socketId' in source ? source.socketId() : source.connection.socket_id;
  return id ? { 'X-Socket-ID': id } : {};
}

/** A `fetch` that sends `X-Socket-ID`. Use it for requests to your own server. */
export function fetchWithSocketId(
  source: SocketIdSource,
  send: typeof fetch = fetch,
): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers ?? (input as Partial<Request>).headers);
    for (const [name, value] of Object.entries(socketIdHeaders(source))) headers.set(name, value);
    return send(input, { ...init, headers });
  };
}

/** The part of an axios instance that is used here. */
export interface AxiosLike {
  /** Interceptors of the instance. */
  interceptors: {
    /** Those that see a request before it is sent. */
    request: {
      /** Adds an interceptor. */
      use(
        change: (config: { headers: { set(headers: Record<string, string>): unknown } }) => never,
      ): unknown;
    };
  };
}

/** Makes an axios instance send `X-Socket-ID`. Give it the instance that talks to your own server. */
export function axiosWithSocketId<Instance extends AxiosLike>(
  source: SocketIdSource,
  instance: Instance,
): Instance {
  instance.interceptors.request.use((config) => {
    config.headers.set(socketIdHeaders(source));
    return config as never;
  });
  return instance;
}

/** The part of a request of Angular's `HttpClient` that is used here. */
export interface AngularRequest<Self> {
  /** Returns a copy of the request with these headers. */
  clone(changes: { setHeaders: Record<string, string> }): Self;
}

/**
 * An interceptor for Angular that sends `X-Socket-ID`:
 * `provideHttpClient(withInterceptors([angularSocketId(pusher)]))`.
 */
export function angularSocketId(source: SocketIdSource) {
  return <Req extends AngularRequest<Req>, Result>(
    request: Req,
    next: (request: Req) => Result,
  ): Result => next(request.clone({ setHeaders: socketIdHeaders(source) }));
}
