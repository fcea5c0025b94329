import { expect, it, jest } from '@jest/globals';

it('PusherTestServer.start says how to install ws when it is missing', async () => {
  jest.unstable_mockModule('ws', () => {
    throw new Error("Cannot find package 'ws'");
  });
  const { PusherTestServer } = await import('../../../../lib/testing/index.js');
  await expect(PusherTestServer.start()).rejects.toThrow(
    'PusherTestServer needs the package "ws". Install it with: npm i -D ws',
  );
});
