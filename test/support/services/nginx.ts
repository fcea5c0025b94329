import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_CERTIFICATE, RAW_CERTIFICATE_KEY } from '../raw/certificate.js';
import { Daemon, type DaemonPlace } from './daemon.js';

const LOG = 'connections.log';

/** nginx, which responds with `{}` and closes each connection after a number of requests. */
export class Nginx implements AsyncDisposable {
  private constructor(private readonly daemon: Daemon) {}

  static async start(options: { requestsPerConnection: number; tls: boolean }): Promise<Nginx> {
    return new Nginx(
      await Daemon.start((place) => ({
        command: ['nginx', '-p', place.folder, '-c', join(place.folder, 'nginx.conf')],
        files: {
          'nginx.conf': configuration(place, options),
          'cert.pem': RAW_CERTIFICATE,
          'key.pem': RAW_CERTIFICATE_KEY,
        },
      })),
    );
  }

  get port(): number {
    return this.daemon.place.port;
  }

  /** The number of requests that came by each connection. */
  requestsByConnection(): number[] {
    const counts = new Map<string, number>();
    const log = readFileSync(join(this.daemon.place.folder, LOG), 'utf8');
    for (const connection of log.split('\n').filter((line) => line !== ''))
      counts.set(connection, (counts.get(connection) ?? 0) + 1);
    return [...counts.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.daemon[Symbol.asyncDispose]();
  }
}

function configuration(
  { port, folder }: DaemonPlace,
  { requestsPerConnection, tls }: { requestsPerConnection: number; tls: boolean },
): string {
  return `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr;
    events {}
    http {
      log_format connections '$connection';
      access_log ${folder}/${LOG} connections;
      client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi;
      scgi_temp_path ${folder}/scgi;
      server {
        listen 127.0.0.1:${port}${tls ? ' ssl' : ''};
        ${tls ? `ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;` : ''}
        keepalive_requests ${requestsPerConnection};
        location / { return 200 '{}'; }
      }
    }`;
}
