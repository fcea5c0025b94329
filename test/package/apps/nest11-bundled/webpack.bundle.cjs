const { IgnorePlugin } = require('webpack');

/** Packages that Nest loads if they are installed. */
const optional = /^(?:@nestjs\/(?:microservices|platform-express|websockets)|class-transformer)\b/;

/** The bundle of `nest build`, with all packages in it. */
module.exports = ({ plugins, ...options }) => ({
  ...options,
  externals: [],
  plugins: [...plugins, new IgnorePlugin({ resourceRegExp: optional })],
});
