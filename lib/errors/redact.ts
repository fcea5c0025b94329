const SIGNED_PARAMETER = /\b(auth_signature|auth_key|shared_secret|secret)=[^&\s"'<>]*/gi;
/**
 * 64 hex digits: an HMAC-SHA256, the only signature of the protocol. Longer runs are a signature next
 * to other hex digits, such as the `D` of `%3D` before it.
 */
const SIGNATURE = /[0-9a-f]{64,}/gi;
/** Matched from the slashes on: matching a scheme before them takes quadratic time. */
const USER_INFO_IN_URL = /:\/\/[^/\s"'<>]*@/g;

/**
 * Removes signatures, signed parameters and credentials of URLs from text that came from elsewhere:
 * a server that repeats what it was sent, an HTTP client that puts the URL into its messages.
 */
export function redact(text: string): string {
  return text
    .replace(USER_INFO_IN_URL, '://[redacted]@')
    .replace(SIGNED_PARAMETER, '$1=[redacted]')
    .replace(SIGNATURE, '[redacted]');
}
