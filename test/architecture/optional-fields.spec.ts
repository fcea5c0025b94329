import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const LIB = join(import.meta.dirname, '../../lib');

/**
 * The optional fields in the parameters of what a module exports that do not accept `undefined`. Results
 * are left out: their optional fields are absent, never `undefined`, so that they fit into the options
 * of other libraries.
 */
function strictFields(index: string): string[] {
  const file = join(LIB, index);
  const program = ts.createProgram([file], STRICT);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const exported = source && checker.getSymbolAtLocation(source);
  const found: string[] = [];
  const seen = new Set<ts.Symbol>();
  for (const alias of exported ? checker.getExportsOfModule(exported) : []) {
    const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
    for (const declaration of symbol.declarations ?? [])
      for (const parameter of parametersOf(declaration)) visit(parameter);
  }
  return [...new Set(found)].toSorted();

  /** Follows the declarations of the library that a parameter names, but not into functions. */
  function visit(node: ts.Node): void {
    if (ts.isFunctionTypeNode(node) || ts.isClassDeclaration(node)) return;
    // Webhooks are results; handlers and the dispatcher receive them as they are.
    if (/\/webhook(?:-event)?\.ts$/.test(node.getSourceFile().fileName) && !isRequest(node)) return;
    if (
      ts.isPropertySignature(node) ||
      ts.isPropertyDeclaration(node) ||
      ts.isMethodSignature(node)
    )
      check(node);
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) follow(node);
    if (!ts.isMethodSignature(node)) ts.forEachChild(node, visit);
  }

  function check(node: ts.PropertySignature | ts.PropertyDeclaration | ts.MethodSignature): void {
    if (node.questionToken === undefined || isOfSettings(node)) return;
    const type = ts.isMethodSignature(node) ? undefined : node.type;
    const accepted = type && checker.getTypeFromTypeNode(type);
    if (accepted && acceptsUndefined(accepted)) return;
    const owner = ts.isClassDeclaration(node.parent) || ts.isInterfaceDeclaration(node.parent);
    const name = owner ? `${node.parent.name?.text ?? ''}.` : '';
    found.push(`${relative(LIB, node.getSourceFile().fileName)}: ${name}${node.name.getText()}`);
  }

  function follow(node: ts.TypeReferenceNode | ts.ExpressionWithTypeArguments): void {
    const name = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol === undefined) return;
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (seen.has(target)) return;
    seen.add(target);
    for (const declaration of target.declarations ?? [])
      if (declaration.getSourceFile().fileName.startsWith(LIB)) visit(declaration);
  }
}

/** What callers pass: to functions, and to the public methods of classes. */
function parametersOf(declaration: ts.Declaration): readonly ts.ParameterDeclaration[] {
  if (ts.isFunctionDeclaration(declaration)) return declaration.parameters;
  if (!ts.isClassDeclaration(declaration)) return [];
  return declaration.members.flatMap((member) =>
    ts.isMethodDeclaration(member) && !isHidden(member) ? [...member.parameters] : [],
  );
}

function isHidden(method: ts.MethodDeclaration): boolean {
  const isPrivate = method.modifiers?.some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );
  const isInternal = ts.getJSDocTags(method).some(({ tagName }) => tagName.text === 'internal');
  return isPrivate === true || isInternal || ts.isPrivateIdentifier(method.name);
}

function isRequest(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node)
    ? node.name.text === 'WebhookRequest'
    : !ts.isTypeAliasDeclaration(node);
}

/** The classes of options, which applications see through `Optional`, where every field accepts it. */
function isOfSettings(node: ts.Node): boolean {
  return (
    ts.isClassDeclaration(node.parent) && /Settings$|Defaults$/.test(node.parent.name?.text ?? '')
  );
}

function acceptsUndefined(type: ts.Type): boolean {
  if (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return true;
  return type.isUnion() && type.types.some(acceptsUndefined);
}

const STRICT: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  experimentalDecorators: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
};

describe.each(['index.ts', 'testing/index.ts'])('what lib/%s exports', (index) => {
  it('accepts undefined for every optional field, as exactOptionalPropertyTypes requires', () => {
    expect(strictFields(index)).toEqual([]);
  });
});

it('compiles in an application with exactOptionalPropertyTypes', () => {
  const program = ts.createProgram([join(import.meta.dirname, 'left-out.fixture.ts')], STRICT);
  const [entry] = program.getRootFileNames().map((name) => program.getSourceFile(name));
  const problems = program.getSemanticDiagnostics(entry);
  expect(
    problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
  ).toEqual([]);
});
