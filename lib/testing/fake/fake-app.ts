import type { PusherModuleOptions } from '../../options/pusher-module-options.js';

/** An app that does not exist. The host is of a domain that is reserved for not existing. */
export const FAKE_APP = {
  appId: 'fake-app',
  key: 'fake-key',
  secret: 'fake-secret',
  host: 'pusher.invalid',
  encryptionMasterKeyBase64: Buffer.alloc(32, 'fake').toString('base64'),
} as const satisfies PusherModuleOptions;
