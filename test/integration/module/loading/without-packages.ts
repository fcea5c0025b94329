import { register } from 'node:module';

/**
 * `without-packages.ts <packages> <program>` runs a program as if the packages (separated by commas)
 * were not installed.
 */
const [, , packages = '', program = ''] = process.argv;

const hook = `
  const missing = ${JSON.stringify(packages.split(','))};
  export function resolve(specifier, context, next) {
    if (!missing.some((name) => specifier === name || specifier.startsWith(name + '/')))
      return next(specifier, context);
    const error = new Error('Cannot find package ' + specifier);
    throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

await import(`./${program}`);
