require('reflect-metadata');
require('@nestjs/core');
require('@nestjs/platform-express');

/** Prints the modules that the CommonJS build adds to those of Nest, as Jest and bundlers load it. */
const before = new Set(Object.keys(require.cache));
require('./node_modules/nestjs-pusher-channels/dist/cjs/index.js');
console.log(JSON.stringify(Object.keys(require.cache).filter((file) => !before.has(file))));
