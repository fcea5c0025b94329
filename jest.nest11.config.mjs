import suite, { base } from './jest.config.mjs';

/** The main suite once more, on Nest 11. */
export default {
  ...suite,
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^@nestjs/(common|core|testing|axios|platform-express|platform-fastify)(/.*)?$':
      '<rootDir>/compat/nest11/node_modules/@nestjs/$1$2',
  },
};
