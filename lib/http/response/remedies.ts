const REMEDIES: Readonly<Record<number, string>> = {
  400: 'The server did not like the request; its text says what.',
  401: 'Check that key and secret belong together and to this app, and that the clock of this machine is right.',
  403: 'The app is disabled or over its message quota. Look at the dashboard of the app.',
  404: 'Check the app id, the cluster or host, and the pathPrefix.',
  407: 'The proxy wants credentials. Put them into http.proxy.',
  413: 'Send less data, or raise the limit of the server and limits.maxDataBytes.',
  422: 'The server did not like the request; its text says what.',
  429: 'The server limits the rate. Send less often, or turn batching on.',
};

/** What to do about a refusal. */
export function remedyFor(status: number, text: string): string {
  if (status === 401 && /timestamp expired/i.test(text))
    return 'The clocks of this machine and the server disagree. Set the clock, best by NTP.';
  if (status >= 500) return 'The server has a fault of its own. Try again later.';
  return REMEDIES[status] ?? 'The documentation of the server may tell what the status means.';
}
