/**
 * `JSON.parse` without `__proto__` keys, at any depth. As own properties they do nothing yet, but the
 * first `Object.assign` of an application would turn them into a prototype.
 * @throws SyntaxError when the text is not JSON
 */
export function parseJson(text: string): unknown {
  return mayHoldProto(text) ? JSON.parse(text, withoutProto) : JSON.parse(text);
}

/** As `parseJson`; text that is not JSON stays the text. */
export function parseJsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** Every way to write the key: as it is, or with any of its ASCII characters escaped. */
function mayHoldProto(text: string): boolean {
  return text.includes('__proto__') || text.includes('\\u00');
}

function withoutProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}
