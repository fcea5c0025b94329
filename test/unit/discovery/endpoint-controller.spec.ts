import { describe, expect, it } from '@jest/globals';
import { SetMetadata } from '@nestjs/common';
import { EndpointController } from '../../../lib/discovery/endpoint-controller.js';

const MOUNTED = { name: 'Chat', path: 'chat', version: undefined, host: undefined, decorators: [] };

/** The metadata that the decorator leaves on a class, and the name of the class. */
function mounted(options: Partial<Parameters<typeof EndpointController>[0]>): object {
  @EndpointController({ ...MOUNTED, ...options })
  class Endpoint {}
  const keys = Reflect.getMetadataKeys(Endpoint) as string[];
  const metadata = keys.map((key) => [key, Reflect.getMetadata(key, Endpoint) as unknown]);
  return { name: Endpoint.name, ...(Object.fromEntries(metadata) as object) };
}

describe('EndpointController', () => {
  it('sets path, version and host as Controller does, and the name', () => {
    const options = { path: ['chat', 'talk'], version: '2', host: 'api.example.com' };
    expect(mounted(options)).toMatchObject({
      name: 'Chat',
      path: ['chat', 'talk'],
      __version__: '2',
      host: 'api.example.com',
    });
  });

  it('applies the decorators of the application last, and the last one in the list first', () => {
    const decorators = [SetMetadata('roles', 'outer'), SetMetadata('roles', 'inner')];
    expect(mounted({ decorators })).toMatchObject({ roles: 'outer' });
    expect(mounted({ decorators: [SetMetadata('path', 'other')] })).toMatchObject({
      path: 'other',
    });
  });
});
