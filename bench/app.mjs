/** The app that all contenders use. The servers do not check its signatures. */
export const APP = {
  appId: '1',
  key: '278d425bdf160c739803',
  secret: '7ad3773142a6692b25b8',
  encryptionMasterKeyBase64: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
};

/** How many channels the callers share, as users share the rooms of an application. */
export const CHANNELS = 50;

/** The channel of one caller. */
export function channelOf(caller, { encrypted = false, channels = CHANNELS } = {}) {
  return `${encrypted ? 'private-encrypted-' : ''}bench-${caller % channels}`;
}

/** A payload whose JSON has the given number of bytes. */
export function payloadOf(bytes, id = 1_234_567) {
  const empty = JSON.stringify({ id, text: '' }).length;
  return { id, text: 'x'.repeat(Math.max(bytes - empty, 0)) };
}
