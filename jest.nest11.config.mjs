import suite, { base } from './jest.config.mjs';

/** The tests that run in a Nest application, on Nest 11. */
export default {
  ...suite,
  testMatch: [
    '<rootDir>/test/{integration,interop,samples}/**/*.spec.ts',
    '<rootDir>/test/unit/{auth,discovery,webhooks}/**/*.spec.ts',
  ],
  // Nothing in these depends on the version of Nest: one run of them is enough.
  testPathIgnorePatterns: [
    ...suite.testPathIgnorePatterns,
    '<rootDir>/test/integration/http/(?:fault-storm|overload|paused-process|proxy|wrong-clock)',
    '<rootDir>/test/integration/publishing/(?:distance|under-load)',
    '<rootDir>/test/interop/server/',
    '<rootDir>/test/unit/auth/signing/',
    '<rootDir>/test/unit/webhooks/(?:dedupe|receive)/',
  ],
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^(graphql|@nestjs/(?:common|core|testing|axios|platform-express|platform-fastify|cqrs|event-emitter|graphql|microservices|schedule))(/.*)?$':
      '<rootDir>/compat/nest11/node_modules/$1$2',
  },
};
