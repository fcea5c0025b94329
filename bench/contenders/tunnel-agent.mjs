import { request } from 'node:http';
import { Agent } from 'node:https';
import { connect } from 'node:tls';

/**
 * What an application has to add to the official package where a proxy is required: an agent whose
 * connections are tunnels, and which keeps them.
 */
export class TunnelAgent extends Agent {
  #proxy;

  constructor(proxy) {
    super({ keepAlive: true });
    this.#proxy = new URL(proxy);
  }

  createConnection({ host, port, servername }, done) {
    const { hostname, port: proxyPort } = this.#proxy;
    const path = `${host}:${port}`;
    request({ host: hostname, port: proxyPort, method: 'CONNECT', path, agent: false })
      .on('error', done)
      .on('connect', (_response, socket) => {
        const secure = connect({ socket, servername, host });
        secure.once('secureConnect', () => done(null, secure));
        secure.once('error', done);
      })
      .end();
  }
}
