/** The app that all contenders use. The server does not check it. */
export const APP = {
  appId: '1',
  key: '278d425bdf160c739803',
  secret: '7ad3773142a6692b25b8',
  host: '127.0.0.1',
  useTLS: false,
  encryptionMasterKeyBase64: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
};

/** How many channels the callers share, as users share the rooms of an application. */
const CHANNELS = 50;

/** The channel of one caller. */
export function channelOf(caller, encrypted) {
  return `${encrypted ? 'private-encrypted-' : ''}bench-${caller % CHANNELS}`;
}

/** A payload whose JSON has the given number of bytes. */
export function payloadOf(bytes) {
  const empty = JSON.stringify({ id: 1_234_567, text: '' }).length;
  return { id: 1_234_567, text: 'x'.repeat(Math.max(bytes - empty, 0)) };
}
