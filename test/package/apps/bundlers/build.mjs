// node build.mjs <bundler> <entry>: writes out/<bundler>.js and prints the paths of its modules as JSON.
import { writeFileSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const [, , bundler, entry] = process.argv;
const root = import.meta.dirname;
const file = `${bundler}.js`;

const BUNDLERS = {
  async vite() {
    const { build } = await import('vite');
    const { output } = await build({
      root,
      logLevel: 'error',
      build: {
        outDir: 'out',
        lib: { entry: resolve(entry), formats: ['es'], fileName: () => file },
      },
    }).then((built) => built[0]);
    return output.flatMap(({ moduleIds = [] }) => moduleIds);
  },

  async webpack() {
    const { default: webpack } = await import('webpack');
    const compiler = webpack({
      mode: 'production',
      context: root,
      entry: resolve(entry),
      output: { path: resolve('out'), filename: file },
    });
    const stats = await new Promise((done, fail) => {
      compiler.run((error, result) => (error ? fail(error) : done(result)));
    });
    if (stats.hasErrors()) throw new Error(stats.toString());
    const modulesIn = ({ nameForCondition, modules = [] }) => [
      nameForCondition,
      ...modules.flatMap(modulesIn),
    ];
    return stats
      .toJson({ all: false, modules: true, nestedModules: true })
      .modules.flatMap(modulesIn);
  },

  async metro() {
    const { default: Metro } = await import('metro');
    const modules = [];
    const config = await Metro.loadConfig(
      { cwd: root },
      {
        projectRoot: root,
        reporter: { update: () => undefined },
        cacheStores: [],
        maxWorkers: 1,
        serializer: { processModuleFilter: ({ path }) => modules.push(path) > 0 },
        transformer: {
          getTransformOptions: () => ({ transform: { experimentalImportSupport: true } }),
        },
      },
    );
    const options = { entry, platform: 'ios', dev: false, minify: true };
    const { code } = await Metro.runBuild(config, options);
    mkdirSync('out', { recursive: true });
    writeFileSync(`out/${file}`, code);
    return modules;
  },
};

const modules = await BUNDLERS[bundler]();
console.log(JSON.stringify(modules.filter(Boolean)));
