import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { BatchingSettings } from '../../../lib/options/batching.options.js';
import { HttpSettings, TlsSettings } from '../../../lib/options/http.options.js';
import { PusherModuleSettings } from '../../../lib/options/pusher-module-options.js';
import { RetrySettings } from '../../../lib/options/retry.options.js';
import { WebhookDedupeSettings, WebhookSettings } from '../../../lib/options/webhook.options.js';

const INDEX = join(import.meta.dirname, '../../../lib/index.ts');

/** The documentation of an option as an editor shows it for the type that applications use. */
interface Docstring {
  readonly text: string;
  readonly default: string | undefined;
  readonly isOptional: boolean;
}

const docstrings = ((): ((type: string) => Map<string, Docstring>) => {
  const program = ts.createProgram([INDEX], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    experimentalDecorators: true,
    strict: true,
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(INDEX);
  const file = source && checker.getSymbolAtLocation(source);
  const exported = file ? checker.getExportsOfModule(file) : [];
  return (type) => {
    const found = exported.find(({ name }) => name === type);
    if (found === undefined) throw new Error(`${type} is not exported`);
    const declared = checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(found));
    return new Map(declared.getProperties().map((option) => [option.name, docstringOf(option)]));
  };

  function docstringOf(option: ts.Symbol): Docstring {
    const tag = option.getJsDocTags(checker).find(({ name }) => name === 'default');
    return {
      text: ts.displayPartsToString(option.getDocumentationComment(checker)),
      default: tag && ts.displayPartsToString(tag.text),
      isOptional: (option.flags & ts.SymbolFlags.Optional) !== 0,
    };
  }
})();

describe.each([
  ['PusherModuleOptions', PusherModuleSettings],
  ['RetryOptions', RetrySettings],
  ['BatchingOptions', BatchingSettings],
  ['WebhookOptions', WebhookSettings],
  ['WebhookDedupeOptions', WebhookDedupeSettings],
  ['HttpOptions', HttpSettings],
  ['TlsOptions', TlsSettings],
])('an editor that shows %s', (type, Settings) => {
  const shown = docstrings(type);

  it('shows all options, each with a docstring', () => {
    const options = Object.keys(new Settings());
    expect([...shown.keys()].toSorted()).toEqual(options.toSorted());
    expect([...shown].filter(([, { text }]) => text === '')).toEqual([]);
  });

  it('shows them as optional', () => {
    expect([...shown].filter(([, { isOptional }]) => !isOptional)).toEqual([]);
  });

  it('shows the defaults that are used', () => {
    const used = Object.entries(new Settings()).filter(([, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value),
    );
    const documented = used.map(([option]) => [option, shown.get(option)?.default?.split(' ')[0]]);
    const expected = used.map(([option, value]: [string, unknown]) => [
      option,
      typeof value === 'string' ? `'${value}'` : String(value),
    ]);
    expect(documented).toEqual(expected);
  });
});
