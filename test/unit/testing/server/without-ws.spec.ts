import { beforeEach, expect, it, jest } from '@jest/globals';

beforeEach(() => {
  jest.resetModules();
});

it('PusherTestServer.start says how to install ws when it is missing', async () => {
  jest.unstable_mockModule('ws', () => {
    throw new Error("Cannot find package 'ws'");
  });
  const { PusherTestServer } = await import('../../../../lib/testing/index.js');
  await expect(PusherTestServer.start()).rejects.toThrow(
    'PusherTestServer needs the package "ws". Install it with: npm i -D ws',
  );
});

it('PusherTestServer.start names the docblock to use where ws is the build for browsers', async () => {
  jest.unstable_mockModule('ws', () => ({ default: () => undefined }));
  const { PusherTestServer } = await import('../../../../lib/testing/index.js');
  await expect(PusherTestServer.start()).rejects.toThrow(
    'Put "@jest-environment node" into the docblock at the top of the test file.',
  );
});
