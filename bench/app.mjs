/** The app that all contenders speak for. The server checks nothing of it. */
export const APP = {
  appId: '1',
  key: '278d425bdf160c739803',
  secret: '7ad3773142a6692b25b8',
  host: '127.0.0.1',
  useTLS: false,
  encryptionMasterKeyBase64: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
};

/** Callers share these many channels, as the rooms of an application would be shared. */
const CHANNELS = 50;

/** The channel of one caller. */
export function channelOf(caller, encrypted) {
  return `${encrypted ? 'private-encrypted-' : ''}bench-${caller % CHANNELS}`;
}

/** A payload whose JSON has so many bytes. */
export function payloadOf(bytes) {
  const empty = JSON.stringify({ id: 1_234_567, text: '' }).length;
  return { id: 1_234_567, text: 'x'.repeat(Math.max(bytes - empty, 0)) };
}
