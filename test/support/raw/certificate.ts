/** A certificate for localhost and 127.0.0.1, signed by itself, with its key. For tests of TLS only. */
const CERTIFICATE = [
  'MIIBaDCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv',
  'c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM',
  'CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJTcx5Fy2kxjEfE7',
  'qbtFiiAtrzck8j9CunRGMpNh1RC1ioLwtBMQiy/i+x5svjLnfHMJ1pDd/wRiVj4x',
  'S6Db/uOjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E',
  'BTADAQH/MB0GA1UdDgQWBBTNCARIElR0IG71LscIx8O5Zd2R2jAKBggqhkjOPQQD',
  'AgNJADBGAiEA7T/AOOo6jnNgLFevmAlNLN7bGJmI5hQOKGdhpygpuXgCIQDXVRwB',
  '0AJ/P4lz13jPTaCXgASi7/JoNCTtN9lXH0QP6g==',
];

const KEY = [
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgj0hR5siJCfmQJ+pY',
  '612UYGeS8Q82hMHxOn/NS2JFrwqhRANCAASU3MeRctpMYxHxO6m7RYogLa83JPI/',
  'Qrp0RjKTYdUQtYqC8LQTEIsv4vsebL4y53xzCdaQ3f8EYlY+MUug2/7j',
];

export const RAW_CERTIFICATE = pem('CERTIFICATE', CERTIFICATE);
export const RAW_CERTIFICATE_KEY = pem('PRIVATE KEY', KEY);

function pem(what: string, lines: readonly string[]): string {
  return [`-----BEGIN ${what}-----`, ...lines, `-----END ${what}-----`, ''].join('\n');
}
