import type { AxiosRequestConfig } from 'axios';

/** TLS material, as `node:tls` takes it. */
export interface TlsOptions {
  /** Certificates to trust in place of the system's, in PEM. */
  ca?: string | Buffer | (string | Buffer)[];
  /** Client certificate, in PEM. */
  cert?: string | Buffer;
  /** Private key of the client certificate, in PEM. */
  key?: string | Buffer;
  /** Certificate and key in one, in PKCS#12. */
  pfx?: Buffer;
  /** Passphrase of `key` or `pfx`. */
  passphrase?: string;
  /** Name to expect in the server's certificate. @default the host */
  servername?: string;
  /** Refuse servers whose certificate cannot be trusted. @default true */
  rejectUnauthorized?: boolean;
}

/** How requests travel. */
export interface HttpOptions {
  /** Connections to the server at most; further requests wait for one, within `timeoutMs`. @default 64 */
  maxConnections?: number;
  /** How long an idle connection is kept, in milliseconds. @default 10000 */
  keepAliveTimeoutMs?: number;
  /**
   * Address of an HTTP proxy, `false` for none.
   * @default HTTPS_PROXY or HTTP_PROXY of the environment, unless NO_PROXY names the host
   */
  proxy?: string | false;
  /** Custom certificates. */
  tls?: TlsOptions;
  /** Headers to add to every request. */
  headers?: Record<string, string>;
  /** Longest answer that is read, in bytes. @default 5242880 (5 MiB) */
  maxResponseBytes?: number;
  /** Settings for the axios instance of the module. Requests then travel through it. */
  axios?: AxiosRequestConfig;
}
