import suite, { base } from './jest.config.mjs';

/** The tests that run in a Nest application, on Nest 11. */
export default {
  ...suite,
  testMatch: [
    '<rootDir>/test/{integration,interop,samples}/**/*.spec.ts',
    '<rootDir>/test/unit/{auth,discovery,webhooks}/**/*.spec.ts',
  ],
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^@nestjs/(common|core|testing|axios|platform-express|platform-fastify)(/.*)?$':
      '<rootDir>/compat/nest11/node_modules/@nestjs/$1$2',
  },
};
