import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PusherOptionsError } from '../../../lib/errors/pusher-options.error.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';

const { master_key_validation: KEYS } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../vectors/encryption.json'), 'utf8'),
) as { master_key_validation: { encryption_master_key_base64: string; ok: boolean }[] };

function masterKey(encryptionMasterKeyBase64: string): string | undefined {
  const options = { appId: '1', key: 'key', secret: 'secret', encryptionMasterKeyBase64 };
  const resolved = resolveOptions(options, {}).masterKey?.reveal();
  return resolved && Buffer.from(resolved).toString('base64');
}

describe('the master key', () => {
  it('has vectors', () => expect(KEYS).toHaveLength(5));

  it.each(KEYS.filter(({ ok }) => ok))('$encryption_master_key_base64 is accepted', (vector) => {
    expect(masterKey(vector.encryption_master_key_base64)).toBe(
      vector.encryption_master_key_base64,
    );
  });

  it.each(KEYS.filter(({ ok, encryption_master_key_base64: key }) => !ok && key !== ''))(
    '"$encryption_master_key_base64" is refused',
    (vector) => {
      expect(() => masterKey(vector.encryption_master_key_base64)).toThrow(PusherOptionsError);
    },
  );

  it('is absent when it is empty, as an empty environment variable is', () => {
    expect(masterKey('')).toBeUndefined();
  });
});
