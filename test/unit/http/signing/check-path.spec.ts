import { describe, expect, it } from '@jest/globals';
import { checkPath } from '../../../../lib/http/signing/check-path.js';

describe('a path', () => {
  it.each(['/channels', '/channels/presence-a.b/users', '/a%20b', '/', '/a//b', '/..a/.b./c..'])(
    'may be %s',
    (path) => expect(() => checkPath(path)).not.toThrow(),
  );

  it.each([
    '',
    'channels',
    '/a?b',
    '/a#b',
    '/a b',
    '/a\\b',
    '/"',
    '/ü',
    '/a\nb',
    '/.',
    '/../x',
    '/x/..',
    7,
  ])('may not be %j', (path) =>
    expect(() => checkPath(path)).toThrow('`path` must be what follows /apps/<id>'),
  );
});
