/** What other Pusher libraries call an option, and what it is called here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  id: 'appId',
  app_id: 'appId',
  app_key: 'key',
  app_secret: 'secret',
  encrypted: 'useTLS',
  usetls: 'useTLS',
  forcetls: 'useTLS',
  tls: 'useTLS` or `http.tls',
  scheme: 'useTLS',
  hostname: 'host',
  apihost: 'host',
  path: 'pathPrefix',
  path_prefix: 'pathPrefix',
  timeout: 'timeoutMs',
  encryptionmasterkey: 'encryptionMasterKeyBase64',
  encryption_master_key_base64: 'encryptionMasterKeyBase64',
  proxy: 'http.proxy',
  headers: 'http.headers',
  agent: 'http.maxConnections` and `http.proxy',
  keepalive: 'http.keepAliveTimeoutMs',
  retries: 'retry.maxAttempts',
  batch: 'batching',
};

/** A sentence about an option that does not exist, with the one that was probably meant. */
export function unknownOption(path: string, property: string): string {
  const meant = OTHER_NAMES[property.toLowerCase()];
  return `\`${path}\` is not an option${meant === undefined ? '; check its spelling' : `; use \`${meant}\``}.`;
}
