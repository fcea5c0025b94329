/**
 * An assertion of this package has failed. It does not extend Node's `AssertionError`, because Jest
 * shows that one as a comparison of two values, of which there are none here.
 */
export class PusherAssertionError extends Error {
  override readonly name = 'PusherAssertionError';
}
